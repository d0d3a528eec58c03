/** The phase that waits for the model server, and gives it its model. */
import { join } from 'node:path';
import type { Host } from '../host';
import { modelServerOf } from '../model-server';
import { ServerWatch } from '../model-server/watch';

/** Where the host's own model server is when it is not at its usual place, as on a machine that tests. */
export const OWN_URL_VARIABLE = 'HE300_MODEL_SERVER_URL';

/** @param models the one of this run; on a host that only serves, all of them */
export async function prepareModelServer(
  host: Host,
  models: Host['config']['run']['models'],
  signal: AbortSignal,
): Promise<void> {
  const { config, store, log, options, run, found } = host;
  const { modelApiKey } = host.get('secrets');
  const server = modelServerOf(config.modelServer, {
    ...{ store, log, directory: join(options.state, 'models'), apiKey: modelApiKey },
    ownUrl: options.env[OWN_URL_VARIABLE],
  });
  found.server = server;
  await new ServerWatch({ server, run, log }).answering(signal);
  for (const model of models) host.modelName = await server.provide(model, signal);
}
