/** What an account of Lambda Cloud holds, and what the vendor's document says each operation does to it. */
import type { Clock } from '../../constructs/lifetime/reaper/clouds/pace';

export interface Instance {
  readonly id: string;
  status: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly [field: string]: unknown;
}

const REGIONS = { 'us-west-1': 'California, USA', 'us-east-1': 'Virginia, USA', 'us-south-2': 'Texas, USA' };
export const A10 = {
  name: 'gpu_1x_a10',
  description: '1x A10 (24 GB PCIe)',
  gpu_description: 'A10 (24 GB PCIe)',
  price_cents_per_hour: 75,
  specs: { vcpus: 30, memory_gib: 200, storage_gib: 1400, gpus: 1 },
};

const regionOf = (name: string) => ({ name, description: REGIONS[name as keyof typeof REGIONS] ?? name });

export interface InstanceFields {
  readonly name?: string;
  readonly region?: string;
  readonly sshKeyNames?: readonly string[];
  readonly firewallRulesets?: readonly { readonly id: string }[];
}

/** An instance as the document requires it. */
export function instance(
  id: string,
  tags: Readonly<Record<string, string>>,
  status = 'active',
  { name, region = 'us-west-1', sshKeyNames = [], firewallRulesets }: InstanceFields = {},
): Instance {
  const action = { available: true };
  const notYet = { available: status !== 'booting', reason_code: 'vm-has-not-launched' };
  return {
    id,
    status,
    ...(name === undefined ? {} : { name }),
    ...(status === 'active' ? { ip: '198.51.100.2' } : {}),
    ssh_key_names: sshKeyNames,
    file_system_names: [],
    region: regionOf(region),
    instance_type: A10,
    jupyter_token: JUPYTER_TOKEN,
    actions: {
      ...{ migrate: action, rebuild: action, restart: action, cold_reboot: action },
      terminate: status === 'booting' ? notYet : action,
    },
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    ...(firewallRulesets ? { firewall_rulesets: firewallRulesets } : {}),
  };
}

/** Every answer about an instance has one; nobody has asked for it. */
export const JUPYTER_TOKEN = '03b7d30d9d3e4d8fa41657bc0d478c1b';

export interface LaunchBody {
  readonly region_name: string;
  readonly instance_type_name: string;
  readonly ssh_key_names: readonly string[];
  readonly name?: string;
  readonly user_data?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly firewall_rulesets?: readonly { readonly id: string }[];
}

export interface Ruleset {
  readonly id: string;
  name: string;
  readonly region: { readonly name: string; readonly description: string };
  rules: readonly unknown[];
  readonly created: string;
  readonly instance_ids: readonly string[];
}

/** What becomes of a launched instance when its boot is over. */
export type Fate = 'active' | 'preempted' | 'booting';

export type Answer = readonly [status: number, content: unknown];

export class AccountDouble {
  readonly instances: Instance[] = [];
  readonly launches: LaunchBody[] = [];
  readonly rulesets: Ruleset[] = [];
  readonly sshKeys: { readonly id: string; readonly name: string; readonly public_key: string }[] = [];
  readonly globalRules: unknown[] = [];
  /** Hosts that each region can still launch. */
  readonly capacity = new Map<string, number>(Object.keys(REGIONS).map((region) => [region, 99]));
  /** Regions that the list of types names as free whatever they have. */
  readonly falselyFree = new Set<string>();
  /** Of the launches to come; those after the last become active. */
  readonly fates: Fate[] = [];
  priceCentsPerHour = A10.price_cents_per_hour;
  bootMs = 0;
  /** How long a new instance is not in the list yet. */
  listLagMs = 0;
  /** How long an instance that was told to end is still ending. */
  endMs = 0;
  /** Whether a host can be ended while it boots. */
  terminableWhileBooting = true;
  private readonly changes = new Map<string, { readonly atMs: number; readonly status: string }>();
  private readonly listedFromMs = new Map<string, number>();
  private count = 0;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  types(): Answer {
    const free = [...this.capacity].filter(([region, n]) => n > 0 || this.falselyFree.has(region));
    const item = {
      instance_type: { ...A10, price_cents_per_hour: this.priceCentsPerHour },
      regions_with_capacity_available: free.map(([region]) => regionOf(region)),
    };
    return [200, { data: { [A10.name]: item } }];
  }

  regions(): Answer {
    return [200, { data: Object.keys(REGIONS).map(regionOf) }];
  }

  list(): Answer {
    this.passTime();
    const now = this.clock.now();
    return [200, { data: this.instances.filter(({ id }) => (this.listedFromMs.get(id) ?? 0) <= now) }];
  }

  launch(body: LaunchBody): Answer {
    const { region_name: region, ssh_key_names: keys, firewall_rulesets: rulesets = [] } = body;
    if (keys.length !== 1) return invalid('Exactly one SSH key must be specified.');
    if (Buffer.byteLength(body.user_data ?? '') > 1_000_000) return invalid('User data is too large.');
    if (!(region in REGIONS)) return missing('Region does not exist.');
    if (body.instance_type_name !== A10.name) return missing('Instance type does not exist.');
    if (!this.sshKeys.some(({ name }) => name === keys[0])) return missing('SSH key does not exist.');
    if (rulesets.some(({ id }) => !this.rulesets.some((r) => r.id === id && r.region.name === region)))
      return missing('Firewall ruleset does not exist.');
    const free = this.capacity.get(region) ?? 0;
    if (free <= 0) return failed(400, CAPACITY, 'Not enough capacity to fulfill launch request.');
    this.capacity.set(region, free - 1);
    this.launches.push(body);
    return [200, { data: { instance_ids: [this.begin(body)] } }];
  }

  private begin(body: LaunchBody): string {
    const id = this.newId();
    const tags = Object.fromEntries((body.tags ?? []).map(({ key, value }) => [key, value]));
    const made = instance(id, tags, 'booting', {
      region: body.region_name,
      sshKeyNames: body.ssh_key_names,
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.firewall_rulesets ? { firewallRulesets: body.firewall_rulesets } : {}),
    });
    const terminate = (made.actions as { terminate: { available: boolean } }).terminate;
    terminate.available = this.terminableWhileBooting;
    this.instances.push(made);
    const now = this.clock.now();
    this.listedFromMs.set(id, now + this.listLagMs);
    this.changes.set(id, { atMs: now + this.bootMs, status: this.fates.shift() ?? 'active' });
    return id;
  }

  terminate(ids: readonly string[]): Answer {
    this.passTime();
    const ended = this.instances.filter(({ id, status }) => ids.includes(id) && status !== 'terminated');
    if (ended.length < ids.length)
      return failed(404, 'global/object-does-not-exist', 'Specified instance does not exist.');
    if (ended.some(({ status }) => status === 'booting') && !this.terminableWhileBooting)
      return invalid('Instance cannot be terminated yet.');
    for (const one of ended) {
      one.status = 'terminating';
      this.changes.set(one.id, { atMs: this.clock.now() + this.endMs, status: 'terminated' });
    }
    this.passTime();
    return [200, { data: { terminated_instances: ended } }];
  }

  addSshKey({
    name,
    public_key: publicKey = '',
  }: {
    readonly name: string;
    readonly public_key?: string;
  }): Answer {
    if (this.sshKeys.some((key) => key.name === name))
      return failed(400, 'global/invalid-parameters', 'An SSH key of that name exists.');
    const key = { id: this.newId(), name, public_key: publicKey };
    this.sshKeys.push(key);
    return [200, { data: key }];
  }

  addRuleset(body: {
    readonly name: string;
    readonly region: string;
    readonly rules: readonly unknown[];
  }): Answer {
    const { name, rules } = body;
    const created = new Date(this.clock.now()).toISOString();
    const ruleset = {
      id: this.newId(),
      name,
      region: regionOf(body.region),
      rules,
      created,
      instance_ids: [],
    };
    this.rulesets.push(ruleset);
    return [200, { data: ruleset }];
  }

  changeRuleset(id: string, { rules }: { readonly rules?: readonly unknown[] }): Answer {
    const ruleset = this.rulesets.find((one) => one.id === id);
    if (!ruleset) {
      const suggestion = 'Check your firewall ruleset ID and try again.';
      return failed(404, 'global/object-does-not-exist', 'Firewall ruleset does not exist.', suggestion);
    }
    if (rules) ruleset.rules = rules;
    return [200, { data: ruleset }];
  }

  /** What has happened by now to those that boot or end. */
  private passTime(): void {
    for (const one of this.instances) {
      const change = this.changes.get(one.id);
      if (!change || change.atMs > this.clock.now()) continue;
      this.changes.delete(one.id);
      const at = this.instances.indexOf(one);
      this.instances[at] = { ...one, ...(change.status === 'active' ? ACTIVE : {}), status: change.status };
    }
  }

  private newId = (): string => (++this.count).toString(16).padStart(32, '0');
}

const ACTIVE = { ip: '198.51.100.2', actions: instance('', {}).actions };
const CAPACITY = 'instance-operations/launch/insufficient-capacity';

export const failed = (status: number, code: string, message: string, suggestion?: string): Answer => [
  status,
  { error: { code, message, ...(suggestion ? { suggestion } : {}) } },
];
const invalid = (message: string): Answer => failed(400, 'global/invalid-parameters', message);
const missing = (message: string): Answer =>
  failed(404, 'global/object-does-not-exist', message, 'Check what you have named.');
