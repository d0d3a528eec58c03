import { withFakePath } from '../../test/support/fake-programs';
import { atLeast, terraform, toolOnPath, ToolMissing } from './tool';

const path = withFakePath();

describe('a program is refused with its reason and a remedy', () => {
  const frob = () => toolOnPath('frob', ['--version'], '1.11', 'install frob');

  test('when it is not on PATH', () => {
    expect(frob).toThrow(new ToolMissing('frob', 'not on PATH', 'install frob'));
  });

  test('when it is too old', () => {
    const file = path.add('frob', 'echo frob v1.9.7');
    expect(frob).toThrow(`frob: ${file} is 1.9.7, older than 1.11; install frob`);
  });

  test('when a version manager only pretends to have it', () => {
    const file = path.add('frob', 'echo "frob: command not found 3.11.7"; exit 127');
    expect(frob).toThrow(`frob: ${file} does not tell its version; install frob`);
  });
});

test('a program that fits is used where it stands', () => {
  const file = path.add('terraform', `echo '{ "terraform_version": "1.11.4" }'`);
  expect(terraform()).toEqual({ path: file, version: '1.11.4', how: 'PATH' });
});

test.each([
  ['1.9', '1.11', false],
  ['1.11', '1.11.1', false],
  ['1.11.4', '1.11', true],
  ['2.0', '1.11', true],
  ['1.11.0', '1.11', true],
])('version %s is at least %s: %s', (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});
