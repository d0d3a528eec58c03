/** The operations of Lambda Cloud's API that a host's life needs, one method each. */
import type { z } from 'zod';
import { terminateInstance } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud';
import {
  LambdaCloudClient,
  LambdaCloudError,
  LambdaCloudUnavailable,
  LAUNCH_PATH,
  type LambdaCloudClientOptions,
  type Method,
  type RequestOptions,
} from '../../../constructs/lifetime/reaper/clouds/lambda-cloud-client';
import type { Clock } from '../../../constructs/lifetime/reaper/clouds/pace';
import { ANSWERS, type FirewallRule } from './answers';

/** A launch answers when the host has been placed, which takes longer than any other request. */
const LAUNCH_TIMEOUT_MS = 60_000;
/** More than the reaper's, which comes again by itself: others may use up the account's one request a second. */
const ATTEMPTS = 8;

export interface LaunchRequest {
  readonly region: string;
  readonly instanceType: string;
  readonly name: string;
  readonly sshKeyName: string;
  readonly rulesetId: string;
  readonly userData: string;
  readonly tags: Readonly<Record<string, string>>;
  /** @default - the vendor's latest image with its drivers */
  readonly imageFamily?: string | undefined;
}

/** Every method throws as `LambdaCloudClient.request` does, and LambdaCloudError for an answer that cannot be read. */
export class LambdaCloudApi {
  readonly clock: Clock;
  private readonly client: LambdaCloudClient;

  constructor(options: LambdaCloudClientOptions) {
    this.client = new LambdaCloudClient({ attempts: ATTEMPTS, ...options });
    this.clock = this.client.clock;
  }

  /** Of the whole account, somebody else's included. */
  instances = () => this.ask('GET', '/api/v1/instances', ANSWERS.instances);
  types = () => this.ask('GET', '/api/v1/instance-types', ANSWERS.types);
  regions = () => this.ask('GET', '/api/v1/regions', ANSWERS.regions);

  /**
   * Sent once, for a second one could launch a second host.
   * @throws LambdaCloudUnavailable when nobody knows whether there is a host now
   */
  async launch(wanted: LaunchRequest): Promise<string> {
    const body = {
      region_name: wanted.region,
      instance_type_name: wanted.instanceType,
      name: wanted.name,
      ssh_key_names: [wanted.sshKeyName],
      firewall_rulesets: [{ id: wanted.rulesetId }],
      user_data: wanted.userData,
      tags: Object.entries(wanted.tags).map(([key, value]) => ({ key, value })),
      ...(wanted.imageFamily === undefined ? {} : { image: { family: wanted.imageFamily } }),
    };
    const options = { body, repeatable: false, timeoutMs: LAUNCH_TIMEOUT_MS };
    const [id] = await this.ask('POST', LAUNCH_PATH, ANSWERS.launched, options);
    if (id === undefined) throw new LambdaCloudError(`lambda cloud: POST ${LAUNCH_PATH}: no instance`, '');
    return id;
  }

  /** One that is gone already is no error. */
  terminate = (id: string): Promise<void> => terminateInstance(this.client, id);

  sshKeys = () => this.ask('GET', '/api/v1/ssh-keys', ANSWERS.sshKeys);

  async addSshKey(name: string, publicKey: string): Promise<void> {
    await this.client.request('POST', '/api/v1/ssh-keys', { body: { name, public_key: publicKey } });
  }

  /** Of all regions. */
  rulesets = () => this.ask('GET', '/api/v1/firewall-rulesets', ANSWERS.rulesets);
  /** Rules that hold for every host of the account, whatever its ruleset says. */
  globalRules = () => this.ask('GET', '/api/v1/firewall-rulesets/global', ANSWERS.globalRules);

  async addRuleset(name: string, region: string, rules: readonly FirewallRule[]): Promise<string> {
    const body = { name, region, rules };
    return (await this.ask('POST', '/api/v1/firewall-rulesets', ANSWERS.ruleset, { body })).id;
  }

  async changeRuleset(id: string, rules: readonly FirewallRule[]): Promise<void> {
    await this.client.request('PATCH', `/api/v1/firewall-rulesets/${id}`, { body: { rules } });
  }

  private async ask<S extends z.ZodType>(
    method: Method,
    path: string,
    answer: S,
    options?: RequestOptions,
  ): Promise<z.output<S>> {
    const parsed = answer.safeParse(await this.client.request(method, path, options));
    if (parsed.success) return parsed.data;
    // Not the value: an answer about an instance holds a token.
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    const fault = `lambda cloud: ${method} ${path}: data.${where} is not as documented`;
    throw options?.repeatable === false ? new LambdaCloudUnavailable(fault) : new LambdaCloudError(fault, '');
  }
}
