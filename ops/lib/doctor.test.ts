import { withFakePath } from '../../test/support/fake-programs';
import { examine } from './doctor';

const path = withFakePath();

const finding = (name: string) => examine().find((entry) => entry.name === name);

test('on a bare machine every missing program is told with its remedy, and nothing fails', () => {
  expect(examine().filter(({ missing }) => missing)).toEqual([
    {
      name: 'terraform',
      missing: 'not on PATH; install Terraform 1.11 or newer from developer.hashicorp.com',
    },
    { name: 'python3', missing: 'not on PATH; install Python 3.10 or newer' },
    { name: 'moto', missing: 'no python3 on PATH to install it with; install Python 3.10 or newer' },
  ]);
});

test('a program that is there is told with its version and place', () => {
  const file = path.add('terraform', 'echo Terraform v1.12.2');
  expect(finding('terraform')).toEqual({ name: 'terraform', found: `1.12.2 at ${file}` });
});
