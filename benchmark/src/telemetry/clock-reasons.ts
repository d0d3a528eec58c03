/**
 * Why a GPU's clocks are not as high as they could be: the bits of NVML's `nvmlClocksEventReasons`, which DCGM takes over
 * one to one. https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html
 */
const REASONS: readonly (readonly [bit: bigint, reason: string])[] = [
  [0x2n, 'application-clocks'],
  [0x4n, 'sw-power-cap'],
  [0x8n, 'hw-slowdown'],
  [0x10n, 'sync-boost'],
  [0x20n, 'sw-thermal-slowdown'],
  [0x40n, 'hw-thermal-slowdown'],
  [0x80n, 'hw-power-brake'],
  [0x100n, 'display-clocks'],
];

/** A GPU with nothing to do lowers its clocks: nobody holds them down. */
const IDLE = 0x1n;

const KNOWN = REASONS.reduce((bits, [bit]) => bits | bit, IDLE);

/** Empty when nothing but idleness lowers them; bits that a newer driver sets are told as `other`. */
export function clockReasons(bits: bigint): readonly string[] {
  const known = REASONS.filter(([bit]) => (bits & bit) !== 0n).map(([, reason]) => reason);
  return (bits & ~KNOWN) === 0n ? known : [...known, 'other'];
}
