/** Every unit of a host, and which of them are started. */
import type { HostConfig } from '@he300/benchmark/contract';
import { tunnelInterface } from '../firewall';
import type { Unit } from '../unit';
import type { UserDataProps } from '../user-data';
import { offUnit } from './limit';
import { MODEL_SERVICES, modelServerUnit } from './model-server';
import { healthUnits, provisionUnit, runUnit } from './run';
import { FIREWALL_SERVICE, firewallUnit, gatewayUnits, tailscaleUnits } from './ways-in';

/** All but those of the limit, which are armed before others can be written. */
export function hostUnits({ host, bundle, cache = 'f16' }: UserDataProps): readonly Unit[] {
  const { modelServer: server } = host;
  const isServer = server.kind === 'ollama' || server.kind === 'vllm';
  const isReached = host.network.kind !== 'outbound';
  return [
    offUnit,
    provisionUnit,
    ...(isReached ? [firewallUnit] : []),
    ...(isServer
      ? [
          modelServerUnit(server.kind, {
            slots: server.slots,
            contextTokens: server.contextTokens,
            cache,
            models: host.run.models.map(({ name }) => name),
            tunnelled: tunnelInterface(host.network) !== undefined,
          }),
        ]
      : []),
    ...waysIn(host),
    runUnit({
      isBundleBrought: bundle !== undefined,
      needs: isReached ? [FIREWALL_SERVICE] : [],
      beside: isServer ? [MODEL_SERVICES[server.kind]] : [],
    }),
    ...healthUnits,
  ];
}

function waysIn({ network, environment }: HostConfig): readonly Unit[] {
  if (network.kind === 'direct') return gatewayUnits;
  return network.kind === 'tailscale' ? tailscaleUnits(network.tag, `he300-${environment}`) : [];
}

/** Those that want to be started with the host. */
export const startedUnits = (units: readonly Unit[]): readonly string[] =>
  units.filter(({ Install }) => Install !== undefined).map(({ name }) => name);
