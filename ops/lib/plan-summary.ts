/** Reads `terraform show -json PLAN` and says what the plan means for the run and for the infrastructure. */

export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
}

interface ResourceChange {
  readonly address: string;
  readonly mode: string;
  readonly change: { readonly actions: readonly string[] };
}

export type Action = 'create' | 'update' | 'replace' | 'delete';

export interface Change {
  readonly address: string;
  readonly action: Action;
}

export interface PlanSummary {
  /**
   * - `none`: the run in flight is not touched (or none is planned).
   * - `next`: no host is alive, and an apply launches the next run.
   * - `changed`: the apply changes a host that is alive: somebody changed it outside Terraform.
   * - `ended`: the apply ends the run in flight.
   */
  readonly run: 'none' | 'next' | 'changed' | 'ended';
  /** Changes to the host and to what hangs on it. */
  readonly host: readonly Change[];
  /** Everything else. */
  readonly infrastructure: readonly Change[];
}

/** Logical ids of a run's hosts, of their guards and of what ties them together, in every region. */
const OF_THE_HOST =
  /^(aws_(instance\.(gpu|runner)_host|scheduler_schedule\.lifetime_guard)|terraform_data\.runs_with)_/;

export function summarizePlan(plan: PlanJson): PlanSummary {
  const changes = (plan.resource_changes ?? []).filter((r) => r.mode === 'managed').flatMap(toChange);
  const host = changes.filter((c) => OF_THE_HOST.test(c.address));
  const instances = host.filter((c) => c.address.startsWith('aws_instance.'));
  const has = (...actions: Action[]): boolean => instances.some((c) => actions.includes(c.action));
  const run = has('delete', 'replace')
    ? 'ended'
    : has('create')
      ? 'next'
      : has('update')
        ? 'changed'
        : 'none';
  return { run, host, infrastructure: changes.filter((c) => !OF_THE_HOST.test(c.address)) };
}

function toChange({ address, change: { actions } }: ResourceChange): Change[] {
  const [first] = actions;
  if (first === 'no-op' || first === 'read' || first === undefined) return [];
  return [{ address, action: actions.length === 2 ? 'replace' : (first as Action) }];
}

const RUN_WORDS: Readonly<Record<PlanSummary['run'], string>> = {
  none: 'run: not touched',
  next: 'next run: no host is alive, an apply launches one',
  changed: 'run: the host in flight was changed outside Terraform, an apply changes it back',
  ended: 'run: AN APPLY ENDS THE RUN IN FLIGHT',
};

const MARKS: Readonly<Record<Action, string>> = { create: '+', update: '~', replace: '-/+', delete: '-' };

export function summaryLines(stack: string, { run, host, infrastructure }: PlanSummary): string[] {
  const list = (changes: readonly Change[]): string[] =>
    changes.map(({ address, action }) => `    ${MARKS[action].padEnd(3)} ${address}`);
  const words =
    infrastructure.length === 0
      ? 'infrastructure: no changes'
      : `infrastructure: ${infrastructure.length} to change`;
  const ofRun = stack.endsWith('-platform') ? [] : [`  ${RUN_WORDS[run]}`, ...list(host)];
  return [stack, ...ofRun, `  ${words}`, ...list(infrastructure)];
}
