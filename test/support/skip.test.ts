import { withFakePath } from './fake-programs';
import { describeWithSharedData, describeWithTools } from './skip';

jest.mock('./data', () => ({ sharedData: () => ({ missing: 'no data' }) }));

const path = withFakePath();

const registered: string[] = [];
beforeEach(() => {
  registered.length = 0;
  jest.spyOn(globalThis, 'describe').mockImplementation(((title: string, suite: () => void) => {
    registered.push(`suite: ${title}`);
    suite();
  }) as typeof describe);
  jest
    .spyOn(test, 'skip')
    .mockImplementation((title) => void registered.push(`skipped test: ${String(title)}`));
});
afterEach(() => jest.restoreAllMocks());

test('a suite whose tool is missing becomes one skipped test that says why and what to do', () => {
  const suite = jest.fn();
  describeWithTools(['terraform'], 'a deploy', suite);
  expect(registered).toEqual([
    'skipped test: a deploy [skipped: terraform: not on PATH; install Terraform 1.11 or newer from developer.hashicorp.com]',
  ]);
  expect(suite).not.toHaveBeenCalled();
});

test('an error that is not about a missing tool is not taken for one', () => {
  const typo = 'terrafrom' as 'terraform';
  expect(() => describeWithTools([typo], 'a deploy', jest.fn())).toThrow(TypeError);
  expect(registered).toEqual([]);
});

test('a suite whose tools are there is registered with them', () => {
  const file = path.add('terraform', 'echo Terraform v1.12.0');
  describeWithTools(['terraform'], 'a deploy', ({ terraform }) => {
    expect(terraform).toEqual({ path: file, version: '1.12.0', how: 'PATH' });
  });
  expect(registered).toEqual(['suite: a deploy']);
});

test('a suite over the shared data sets is skipped where they are not', () => {
  describeWithSharedData('sampling', jest.fn());
  expect(registered).toEqual(['skipped test: sampling [skipped: no data]']);
});
