/** Plan-time policy: a violation fails `cdktf synth` itself, in one line that says what, where, why and what to do. */
import type { TerraformStack } from 'cdktf';
import { acknowledgementsOf, type Acknowledgement } from './acknowledgement';
import type { Rule } from './rule';
import { encryptionRequired } from './rules/encryption-required';
import { imdsv2Required } from './rules/imdsv2-required';
import { lifetimeGuardRequired } from './rules/lifetime-guard-required';
import { noPublicBucket } from './rules/no-public-bucket';
import { noSecretInVaultState } from './rules/no-secret-in-vault-state';
import { noSecretLiteral } from './rules/no-secret-literal';
import { noWildcardIam } from './rules/no-wildcard-iam';
import { noWorldOpenPort } from './rules/no-world-open-port';
import { ownerTagsRequired } from './rules/owner-tags-required';
import { pathAt, synthesized } from './synthesized';

export { acknowledge } from './acknowledgement';

export const allRules: readonly Rule[] = [
  imdsv2Required,
  encryptionRequired,
  noWorldOpenPort,
  noWildcardIam,
  noPublicBucket,
  ownerTagsRequired,
  lifetimeGuardRequired,
  noSecretLiteral,
  noSecretInVaultState,
];

export interface Finding {
  readonly rule: Rule;
  /** Path of the construct, or the place in the stack. */
  readonly path: string;
  readonly finding: string;
  readonly acknowledgement?: Acknowledgement;
}

/** Everything the rules find in a stack, the acknowledged findings among them. */
export function findingsIn(stack: TerraformStack, rules: readonly Rule[] = allRules): Finding[] {
  const json = synthesized(stack);
  const acknowledged = new Map(stack.node.findAll().map((c) => [c.node.path, acknowledgementsOf(c)]));
  const toFinding = (rule: Rule, path: string, finding: string): Finding => {
    const acknowledgement = acknowledged.get(path)?.find((a) => a.rule === rule.id);
    return { rule, path, finding, ...(acknowledgement ? { acknowledgement } : {}) };
  };
  const ofResources = json.resources.flatMap((resource) =>
    rules.flatMap((rule) => {
      const finding = rule.check(resource, json);
      return finding ? [toFinding(rule, resource.path, finding)] : [];
    }),
  );
  const ofTheRest = rules.flatMap((rule) =>
    (rule.checkRest?.(json) ?? []).map(({ at, finding }) => toFinding(rule, pathAt(stack, at), finding)),
  );
  return [...ofResources, ...ofTheRest];
}

/** Makes the synthesis of `stack` fail on every finding that is not acknowledged. */
export function enforcePolicy(stack: TerraformStack, rules: readonly Rule[] = allRules): void {
  stack.node.addValidation({
    validate() {
      const findings = findingsIn(stack, rules);
      const open = findings.filter((f) => !f.acknowledgement).map(describe);
      return [...open, ...faultyAcknowledgements(stack, findings, rules)];
    },
  });
}

const describe = ({ path, rule, finding }: Finding): string =>
  `${path}: ${rule.id}: ${finding}: ${rule.cause}; remedy: ${rule.remedy}`;

function faultyAcknowledgements(
  stack: TerraformStack,
  findings: readonly Finding[],
  rules: readonly Rule[],
): string[] {
  return stack.node.findAll().flatMap((construct) =>
    acknowledgementsOf(construct).flatMap(({ rule, reason }) => {
      const about = `${construct.node.path}: acknowledgement of '${rule}'`;
      if (!rules.some(({ id }) => id === rule))
        return [`${about}: no such rule; allowed: ${rules.map(({ id }) => id).join(', ')}`];
      if (reason.trim() === '') return [`${about}: no reason is given`];
      const needed = findings.some((f) => f.rule.id === rule && f.path === construct.node.path);
      return needed ? [] : [`${about}: nothing is found there any more; remove it`];
    }),
  );
}
