import { resumeRequest } from './resume';

const known = ['local', 'dev'];

test.each(['yes', 'i-0123456789abcdef0', 'prod-i-0123456789abcdef0', 'dev-', 'dev-i-xyz', 'dev-i-0123 4567'])(
  "'%s' is no run of a known environment, so nothing is synthesized",
  (requested) => {
    expect(() => resumeRequest(requested, known)).toThrow(
      `HE300_RESUME: '${requested}'; allowed: the id of a run, <environment>-<instance id>, of local, dev`,
    );
  },
);

test.each([undefined, ''])('%p asks for a new run', (requested) => {
  expect(resumeRequest(requested, known)).toBeUndefined();
});

test('a run is continued in its own environment', () => {
  expect(resumeRequest('dev-i-0123456789abcdef0', known)).toEqual({
    environment: 'dev',
    runId: 'dev-i-0123456789abcdef0',
  });
});
