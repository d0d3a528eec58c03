import fc from 'fast-check';
import { cidrContains, cidrsOverlap, isNetworkAddress, subnetOf } from './cidr';

/** The model: a range is the string of its fixed bits. */
const bitsOf = (cidr: string): string => {
  const [address, prefix] = cidr.split('/');
  const octets = address!.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
  return octets.join('').slice(0, Number(prefix));
};

const cidr = (minPrefix = 0, maxPrefix = 32) =>
  fc
    .tuple(
      fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: minPrefix, max: maxPrefix }),
    )
    .map(([octets, prefix]) => `${octets.join('.')}/${prefix}`);
/** Unrelated ranges hardly ever meet, so half of the pairs differ in their prefix alone. */
const pair = fc.oneof(
  fc.tuple(cidr(), cidr()),
  fc.tuple(cidr(), fc.nat(32)).map(([a, prefix]): [string, string] => [a, `${a.split('/')[0]}/${prefix}`]),
);

test.each([
  ['10.0.0.0/24', '10.0.1.0/24', false],
  ['10.0.0.0/24', '9.255.255.255/32', false],
  ['128.0.0.0/1', '127.255.255.255/32', false],
  ['10.0.0.0/24', '10.0.0.255/32', true],
  ['0.0.0.0/0', '255.255.255.255/32', true],
])('%s and %s overlap: %p', (a, b, expected) => expect(cidrsOverlap(a, b)).toBe(expected));

test('two ranges overlap when the fixed bits of one begin with those of the other', () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const [x, y] = [bitsOf(a), bitsOf(b)];
      expect(cidrsOverlap(a, b)).toBe(x.startsWith(y) || y.startsWith(x));
    }),
  );
});

test('a range contains another when the fixed bits of the other begin with its own', () => {
  fc.assert(
    fc.property(pair, ([outer, inner]) => {
      expect(cidrContains(outer, inner)).toBe(bitsOf(inner).startsWith(bitsOf(outer)));
    }),
  );
});

describe('the subnets of a range', () => {
  const ranges = fc.tuple(cidr(0, 28), fc.integer({ min: 1, max: 4 }));

  test.each([-1, 8])('there is no subnet %d of eight', (index) => {
    expect(() => subnetOf('10.0.0.0/20', 3, index)).toThrow(
      `no subnet ${index} of 10.0.0.0/20: allowed are 0 to 7`,
    );
  });

  test('lie inside it, do not overlap and leave nothing over', () => {
    fc.assert(
      fc.property(ranges, ([range, bits]) => {
        const subnets = Array.from({ length: 2 ** bits }, (_, index) => subnetOf(range, bits, index));
        for (const [i, subnet] of subnets.entries()) {
          expect(cidrContains(range, subnet)).toBe(true);
          expect(bitsOf(subnet)).toBe(bitsOf(range) + i.toString(2).padStart(bits, '0'));
          for (const other of subnets.slice(i + 1)) expect(cidrsOverlap(subnet, other)).toBe(false);
        }
      }),
    );
  });

  test('are addresses of networks', () => {
    fc.assert(
      fc.property(ranges, ([range, bits]) => expect(isNetworkAddress(subnetOf(range, bits, 1))).toBe(true)),
    );
  });
});

test.each([
  ['10.0.0.1/24', false],
  ['10.0.0.0/8', true],
  ['10.1.0.0/8', false],
  ['203.0.113.7/32', true],
  ['128.0.0.0/0', false],
])('%s is the address of a network: %p', (range, expected) => {
  expect(isNetworkAddress(range)).toBe(expected);
});
