/** IPv4 range arithmetic for the checks and for cutting subnets. Input is a valid CIDR (`a.b.c.d/n`). */

interface Range {
  readonly first: number;
  readonly last: number;
}

function range(cidr: string): Range {
  const [address = '', prefix = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}

export function cidrContains(outer: string, inner: string): boolean {
  const [o, i] = [range(outer), range(inner)];
  return o.first <= i.first && i.last <= o.last;
}

export function cidrsOverlap(a: string, b: string): boolean {
  const [x, y] = [range(a), range(b)];
  return x.first <= y.last && y.first <= x.last;
}

/** The `index`-th subnet of `cidr` when its prefix is lengthened by `bits`. */
export function subnetOf(cidr: string, bits: number, index: number): string {
  if (index < 0 || index >= 2 ** bits)
    throw new Error(`no subnet ${index} of ${cidr}: allowed are 0 to ${2 ** bits - 1}`);
  const prefix = Number(cidr.split('/')[1]) + bits;
  const first = range(cidr).first + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** Whether the bits after the prefix are zero. AWS refuses other ranges, or stores another one than was asked for. */
export const isNetworkAddress = (cidr: string): boolean => subnetOf(cidr, 0, 0) === cidr;
