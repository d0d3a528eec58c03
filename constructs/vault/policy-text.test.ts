import fc from 'fast-check';
import { grant, policyText, type Capability, type Grant } from './policy-text';

test('each path stands in a stanza of its own, with what may be done there', () => {
  expect(policyText([grant('a/data/x', 'read'), grant('a/metadata/*', 'read', 'list')])).toBe(
    [
      'path "a/data/x" {',
      '  capabilities = ["read"]',
      '}',
      '',
      'path "a/metadata/*" {',
      '  capabilities = ["read", "list"]',
      '}',
      '',
    ].join('\n'),
  );
});

test('what is given only wrapped says for how long', () => {
  const wrapped = { ...grant('a', 'update'), wrapped: { minSeconds: 60, maxSeconds: 1200 } };
  expect(policyText([wrapped])).toBe(
    'path "a" {\n  capabilities = ["update"]\n  min_wrapping_ttl = "60s"\n  max_wrapping_ttl = "1200s"\n}\n',
  );
});

test('a path that stands there twice is refused: one of the two would be overlooked', () => {
  expect(() => policyText([grant('a', 'read'), grant('b', 'read'), grant('a', 'update')])).toThrow(
    'vault policy: a stands there twice',
  );
});

const CAPABILITIES: readonly Capability[] = ['create', 'read', 'update', 'delete', 'list', 'sudo'];
const anyGrant: fc.Arbitrary<Grant> = fc.record({
  path: fc.string({ unit: fc.constantFrom(...'abcxyz019-_/*+'), minLength: 1, maxLength: 40 }),
  capabilities: fc.uniqueArray(fc.constantFrom(...CAPABILITIES), { minLength: 1 }),
});

const STANZA = /^path "([^"]+)" \{\n {2}capabilities = \[(.*)\]\n\}$/gm;

test('whatever is granted can be read back, and nothing else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyGrant, { selector: ({ path }) => path }), (grants) => {
      const read = [...policyText(grants).matchAll(STANZA)].map(([, path, list]) => ({
        path,
        capabilities: JSON.parse(`[${list}]`) as unknown,
      }));
      expect(read).toEqual(grants);
    }),
  );
});
