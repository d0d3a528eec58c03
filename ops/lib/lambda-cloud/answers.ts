/**
 * What of the API's answers is read, and nothing more: an answer about an instance also holds the token of its notebook
 * server, which nobody here needs. `answers.test.ts` holds these against the vendor's document.
 */
import { z } from 'zod';
import { tagsOf, utcTime, LAUNCHED_AT_TAG } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud';

const region = z.object({ name: z.string() });
const instanceType = z.object({
  name: z.string(),
  description: z.string(),
  price_cents_per_hour: z.number(),
});

const instance = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    ip: z.string().optional(),
    // Not the document's list: a state that is new to us may be billed all the same.
    status: z.string(),
    region,
    instance_type: instanceType,
    tags: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
    actions: z.object({ terminate: z.object({ available: z.boolean() }) }),
  })
  .transform(({ id, name, ip, status, region, instance_type: type, tags: pairs, actions }) => {
    const tags = tagsOf(pairs);
    return {
      id,
      name,
      /** Public address; undefined until it has one. */
      ip,
      status,
      region: region.name,
      instanceType: type.name,
      usdPerHour: type.price_cents_per_hour / 100,
      tags,
      /** As the launch wrote it; undefined when it is missing or cannot be read. */
      launchedAt: utcTime(tags[LAUNCHED_AT_TAG]),
      /** Some states of a boot cannot be ended. */
      terminable: actions.terminate.available,
    };
  });

const typeOffer = z
  .object({ instance_type: instanceType, regions_with_capacity_available: z.array(region) })
  .transform(({ instance_type: type, regions_with_capacity_available: regions }) => ({
    name: type.name,
    description: type.description,
    usdPerHour: type.price_cents_per_hour / 100,
    /** Regions that have one free now. */
    freeRegions: regions.map(({ name }) => name),
  }));

const firewallRule = z.object({
  protocol: z.string(),
  /** First and last port; absent for ICMP. */
  port_range: z.array(z.number()).optional(),
  source_network: z.string(),
  description: z.string(),
});

export const ANSWERS = {
  instances: z.array(instance),
  types: z.record(z.string(), typeOffer).transform((types) => Object.values(types)),
  regions: z.array(region).transform((regions) => regions.map(({ name }) => name)),
  launched: z.object({ instance_ids: z.array(z.string()) }).transform(({ instance_ids: ids }) => ids),
  sshKeys: z.array(z.object({ name: z.string() })).transform((keys) => keys.map(({ name }) => name)),
  ruleset: z.object({ id: z.string() }),
  rulesets: z.array(
    z.object({ id: z.string(), name: z.string(), region, rules: z.array(firewallRule), created: z.string() }),
  ),
  globalRules: z.object({ rules: z.array(firewallRule) }).transform(({ rules }) => rules),
} as const;

export type LambdaInstance = z.infer<typeof instance>;
export type TypeOffer = z.infer<typeof typeOffer>;
export type FirewallRule = z.infer<typeof firewallRule>;
export type Ruleset = z.infer<typeof ANSWERS.rulesets>[number];
