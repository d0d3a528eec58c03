/** Synthesis the way `cdktf synth` does it: aspects, validations and all, which the cdktf testing helper leaves out. */
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformElement, TerraformStack } from 'cdktf';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enforcePolicy } from '../../constructs/policy';
import type { Rule } from '../../constructs/policy/rule';

export interface SynthesizedJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly [section: string]: unknown;
}

/** What Terraform will read of each stack that `build` adds, by the stack's name. @throws what synthesis throws */
export function synthesize(build: (app: App) => void): Readonly<Record<string, SynthesizedJson>> {
  const outdir = mkdtempSync(join(tmpdir(), 'he300-synth-'));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    const stacks = join(outdir, 'stacks');
    return Object.fromEntries(
      readdirSync(stacks).map((name) => [
        name,
        JSON.parse(readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8')) as SynthesizedJson,
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

type Build = (stack: TerraformStack) => void;

/** Synthesizes one stack, with a provider that tags nothing, under these rules. */
export const synthesizeUnder = (rules: readonly Rule[], build: Build): SynthesizedJson =>
  synthesize((app) => {
    const stack = new TerraformStack(app, 'stack');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    build(stack);
    enforcePolicy(stack, rules);
  }).stack!;

/** Terraform that our constructs would never make, as somebody might write it by hand; `data.x` is a data source. */
export class Raw extends TerraformElement {
  constructor(
    stack: TerraformStack,
    private readonly type: string,
    private readonly name: string,
    private readonly attributes: Readonly<Record<string, unknown>>,
  ) {
    super(stack, `${type}-${name}`);
  }

  override toTerraform(): unknown {
    const comment = { metadata: { path: this.node.path, uniqueId: this.name } };
    const [kind, type] = this.type.startsWith('data.')
      ? ['data', this.type.slice(5)]
      : ['resource', this.type];
    return { [kind]: { [type]: { [this.name]: { ...this.attributes, '//': comment } } } };
  }
}

/** A resource for `describeRule`: type, attributes. All of one case are named `it`, `it2`, … in this order. */
export type Resources = readonly (readonly [type: string, attributes: Readonly<Record<string, unknown>>])[];

export function addResources(stack: TerraformStack, resources: Resources): void {
  for (const [index, [type, attributes]] of resources.entries())
    new Raw(stack, type, `it${index === 0 ? '' : index + 1}`, attributes);
}

export interface RuleCases {
  /** Title, resources, and what the first of them is said to be guilty of. */
  readonly violations: readonly (readonly [title: string, resources: Resources, finding: string])[];
  readonly compliant: readonly (readonly [title: string, resources: Resources])[];
}

/** The story that every rule must tell: what it stops, that nothing else stops it, and what it lets pass. */
export function describeRule(rule: Rule, { violations, compliant }: RuleCases): void {
  describe(rule.id, () => {
    test.each(violations)(
      '%s fails synthesis, and would not without the rule',
      (_title, resources, finding) => {
        const build: Build = (stack) => addResources(stack, resources);
        const line = `stack/${resources[0]![0]}-it: ${rule.id}: ${finding}: ${rule.cause}; remedy: ${rule.remedy}`;
        expect(() => synthesizeUnder([rule], build)).toThrow(line);
        expect(() => synthesizeUnder([], build)).not.toThrow();
      },
    );

    test.each(compliant)('%s passes', (_title, resources) => {
      expect(() => synthesizeUnder([rule], (stack) => addResources(stack, resources))).not.toThrow();
    });
  });
}
