/** Turns an environment's plain object into a checked one, or into one readable line for each fault. */
import type { z } from 'zod';
import { cidrsOverlap } from '../constructs/network/cidr';
import { TUNNEL_CIDR } from '../constructs/network/ports';
import { dashboardFaults } from './check-dashboard';
import { runFaults } from './check-run';
import { vaultFaults } from './check-vault';
import { vaultServerFaults } from './check-vault-server';
import { imagesOf } from './images';
import { regionsOf } from './regions';
import { environmentFields, type Environment } from './schema';

export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Checks `value` against the schema and the rules that span several fields.
 * @param file path that a message names, such as `environments/dev.ts`
 * @throws EnvironmentError with one line a fault: file, field, value, what is allowed
 */
export function checkEnvironment(file: string, value: unknown): Environment {
  const parsed = environmentFields.safeParse(value);
  if (!parsed.success) {
    throw new EnvironmentError(
      parsed.error.issues.flatMap((issue) => describe(file, value, issue)).join('\n'),
    );
  }
  const faults = crossFieldFaults(parsed.data);
  if (faults.length > 0) {
    throw new EnvironmentError(faults.map((f) => line(file, f.field, f.value, f.allowed)).join('\n'));
  }
  return parsed.data;
}

export interface Fault {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

function* faultsOf(env: Environment): Generator<Fault> {
  const { candidates, spotPolicy } = env.gpu;
  for (const [i, c] of candidates.entries()) {
    const field = `gpu.candidates[${i}]`;
    if (spotPolicy === 'never' && c.market === 'spot') {
      yield {
        field: `${field}.market`,
        value: c.market,
        allowed: "'on-demand' while gpu.spotPolicy is 'never'",
      };
    }
    if (candidates.findIndex((o) => JSON.stringify(o) === JSON.stringify(c)) < i) {
      yield { field, value: c, allowed: 'each candidate once' };
    }
    if (env.network.vpc.kind === 'existing' && !env.network.vpc.regions[c.region]?.subnetIds[c.zone]) {
      const allowed = `a subnet id for zone ${c.zone}, which ${field} names`;
      yield { field: `network.vpc.regions.${c.region}.subnetIds.${c.zone}`, value: undefined, allowed };
    }
  }
  for (const { field, image } of imagesOf(env)) {
    for (const region of regionsOf(env)) {
      if (image.kind !== 'pinned' || image.imageIds[region]) continue;
      const allowed = 'an AMI id for every candidate region';
      yield { field: `${field}.imageIds.${region}`, value: undefined, allowed };
    }
  }
  if (env.network.vpc.kind === 'managed') {
    const { cidr } = env.network.vpc;
    const prefix = Number(cidr.split('/')[1]);
    if (cidrsOverlap(cidr, TUNNEL_CIDR)) {
      yield {
        field: 'network.vpc.cidr',
        value: cidr,
        allowed: `a range that does not overlap the tunnel ${TUNNEL_CIDR}`,
      };
    }
    if (prefix < 16 || prefix > 24) {
      yield { field: 'network.vpc.cidr', value: cidr, allowed: 'a prefix length of 16 to 24' };
    }
  }
  for (const [i, cidr] of env.network.adminCidrs.entries()) {
    if (Number(cidr.split('/')[1]) < 8) {
      yield {
        field: `network.adminCidrs[${i}]`,
        value: cidr,
        allowed: 'a prefix length of 8 to 32: the admin port is never open to the world',
      };
    }
  }
  if (env.network.mode.kind === 'direct') {
    for (const [i, cidr] of env.network.mode.allow.entries()) {
      if (cidr !== 'github' && Number(cidr.split('/')[1]) < 8) {
        yield {
          field: `network.mode.allow[${i}]`,
          value: cidr,
          allowed: "a prefix length of 8 to 32, or 'github'",
        };
      }
    }
  }
}

const crossFieldFaults = (env: Environment): Fault[] => [
  ...faultsOf(env),
  ...runFaults(env),
  ...dashboardFaults(env),
  ...vaultFaults(env),
  ...vaultServerFaults(env),
];

function describe(file: string, root: unknown, issue: z.core.$ZodIssue): string[] {
  const field = fieldPath(issue.path);
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        line(file, fieldPath([...issue.path, key]), valueAt(root, [...issue.path, key]), 'no such field'),
      );
    case 'invalid_value':
      return [line(file, field, value, issue.values.map((v) => JSON.stringify(v)).join(', '))];
    case 'too_small':
      return [
        line(
          file,
          field,
          value,
          custom(issue) ?? `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`,
        ),
      ];
    case 'too_big':
      return [line(file, field, value, custom(issue) ?? `at most ${issue.maximum}`)];
    case 'invalid_union':
      return [
        line(file, field, value, discriminators(issue) ?? custom(issue) ?? 'one of the documented forms'),
      ];
    case 'invalid_type':
      return [line(file, field, value, custom(issue) ?? `a value of type ${issue.expected}`)];
    case 'invalid_key':
      return [line(file, field, issue.path.at(-1), issue.issues[0]!.message)];
    default:
      return [line(file, field, value, issue.message)];
  }
}

/** A message of ours says what is allowed; zod's own begin with a capital letter and speak of input. */
const custom = (issue: z.core.$ZodIssue): string | undefined =>
  /^(Invalid|Too|Unrecognized)/.test(issue.message) ? undefined : issue.message;

function discriminators(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  if (!('discriminator' in issue) || !('options' in issue) || !Array.isArray(issue.options)) return undefined;
  return issue.options.map((o) => JSON.stringify(o)).join(', ');
}

function fieldPath(path: readonly PropertyKey[]): string {
  return (
    path
      .map((p) => (typeof p === 'string' && /^[\w-]+$/.test(p) ? `.${p}` : `[${JSON.stringify(p)}]`))
      .join('')
      .replace(/^\./, '') || '(the environment)'
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

function line(file: string, field: string, value: unknown, allowed: string): string {
  // JSON would show NaN and Infinity as null.
  const shown =
    value === undefined ? 'nothing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return `${file}: ${field}: ${shown.length > 120 ? `${shown.slice(0, 117)}...` : shown}; allowed: ${allowed}`;
}
