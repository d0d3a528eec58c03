import { parseLock, parseState } from './terraform-state';

const schedule = (input: string, instance = {}) => ({
  mode: 'managed',
  type: 'aws_scheduler_schedule',
  name: 'guard',
  instances: [{ attributes: { id: 'he300-dev/guard', target: [{ input }] }, ...instance }],
});
const instances = (...list: object[]) => ({
  mode: 'managed',
  type: 'aws_instance',
  name: 'host',
  instances: list,
});
const state = (...resources: object[]): string =>
  JSON.stringify({ version: 4, serial: 3, lineage: 'x', resources });

describe('a state that is not whole is an error, not an empty state', () => {
  test.each([
    ['nothing', '', 'Terraform state is not JSON (0 characters)'],
    ['the first half of one', state(instances()).slice(0, 40), 'Terraform state is not JSON (40 characters)'],
    ['another format', '{"version":3,"modules":[]}', 'Terraform state has version 3; allowed: 4'],
    ['no resources', '{"version":4}', 'Terraform state lists no resources; it is not whole'],
    ['a bare word', 'null', 'Terraform state is no JSON object'],
  ])('%s', (_title, text, message) => expect(() => parseState(text)).toThrow(message));

  test('and the message does not quote it, for a state may hold secrets', () => {
    expect(() => parseState('{"password":"hunter2"')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('hosts of a state', () => {
  test('are none after everything was destroyed', () => {
    expect(parseState(state())).toEqual({ hostIds: new Set(), guardedIds: new Set(), managed: new Set() });
  });

  test('include counted, tainted and deposed ones: Terraform knows them all', () => {
    const { hostIds } = parseState(
      state(
        instances(
          { index_key: 0, attributes: { id: 'i-0' } },
          { index_key: 1, status: 'tainted', attributes: { id: 'i-1' } },
          { index_key: 1, deposed: '00000001', attributes: { id: 'i-2' } },
        ),
      ),
    );
    expect([...hostIds]).toEqual(['i-0', 'i-1', 'i-2']);
  });

  test('do not include what is only looked up, nor one whose launch never returned an id', () => {
    const lookedUp = { ...instances({ attributes: { id: 'i-0' } }), mode: 'data' };
    expect(
      parseState(state(lookedUp, instances({ attributes: null }, { attributes: {} }))).hostIds.size,
    ).toBe(0);
  });
});

test('what a state manages is told by type and id, what it only looks up is not', () => {
  const text = state(
    instances({ attributes: { id: 'i-0' } }, { attributes: null }),
    { ...schedule(''), type: 'aws_iam_role', instances: [{ attributes: { id: 'he300-dev-gpu-host' } }] },
    { ...instances({ attributes: { id: 'i-1' } }), mode: 'data' },
  );
  expect([...parseState(text).managed]).toEqual(['aws_instance/i-0', 'aws_iam_role/he300-dev-gpu-host']);
});

describe('a host is guarded', () => {
  const host = instances({ attributes: { id: 'i-0' } });

  test('when a schedule of the same state names it', () => {
    expect([...parseState(state(host, schedule('{"InstanceIds":["i-0"]}'))).guardedIds]).toEqual(['i-0']);
  });

  test.each([
    ['names another host', schedule('{"InstanceIds":["i-00"]}')],
    [
      'has no target yet',
      { ...schedule(''), instances: [{ status: 'tainted', attributes: { target: null } }] },
    ],
    ['has no attributes at all', { ...schedule(''), instances: [{ attributes: null }] }],
  ])('but not when the schedule %s', (_title, resource) => {
    expect(parseState(state(host, resource)).guardedIds.size).toBe(0);
  });
});

describe('a lock', () => {
  const lock = {
    ID: 'c7d8',
    Operation: 'OperationTypeApply',
    Info: '',
    Who: 'root@vm',
    Version: '1.11.4',
    Created: '2026-06-17T12:00:00.691338348Z',
    Path: 'b/dev.tfstate',
  };

  test('tells who holds it and since when', () => {
    expect(parseLock(JSON.stringify(lock))).toEqual({
      id: 'c7d8',
      who: 'root@vm',
      operation: 'OperationTypeApply',
      created: new Date('2026-06-17T12:00:00.691Z'),
    });
  });

  test.each(['ID', 'Who', 'Created'])('without %s is an error: whose it is decides over hosts', (field) => {
    expect(() => parseLock(JSON.stringify({ ...lock, [field]: undefined }))).toThrow(
      'Terraform lock lacks ID, Who or Created',
    );
  });
});
