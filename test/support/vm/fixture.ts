/** What faults are tried on: a deployed environment without a tunnel, whose model answers as slowly as a test needs. */
import { HOST_SECRETS } from '../../../benchmark/src/contract/host-config';
import { modelDouble, type ModelDouble } from '../../../benchmark/src/engines/model-double';
import type { Emulator } from '../../../ops/lib/emulator';
import { gate, type Gate } from '../gate';
import { receiverDouble, type ReceiverDouble } from '../receiver.double';
import { fromVm } from './boot';
import { Deployment } from './deployment';
import { bootedEnvironment } from './environment';
import { canaries } from './secrets';

/** What modelDouble calls its model. */
const MODEL = 'double';
const SETUP_LIMIT_MS = 15 * 60_000;
export const CONCURRENCY = 4;

export interface FaultFixture {
  readonly deployment: Deployment;
  readonly receiver: ReceiverDouble;
  readonly webhookKey: string;
  readonly model: ModelDouble;
  /** In front of the model server: closed, it has crashed. */
  readonly modelGate: Gate;
}

/** One for the suite it is called in, there from `beforeAll` on. */
export function withFaultFixture(
  emulator: Pick<Emulator, 'endpoint' | 'env'>,
  { answerMs }: { readonly answerMs: number },
): () => FaultFixture {
  let fixture: FaultFixture | undefined;
  beforeAll(async () => {
    const { webhookKey, dashboardToken } = canaries();
    const receiver = await receiverDouble({ webhookKey, dashboardToken });
    const model = await modelDouble({ slots: CONCURRENCY, answerMs });
    const modelGate = await gate(model.url);
    const environment = bootedEnvironment({
      ...{ dashboardUrl: receiver.url, engine: 'openai', model: MODEL },
      serverUrl: fromVm(new URL(model.url.pathname, modelGate.url)),
    });
    const deployment = new Deployment(environment, emulator);
    fixture = { deployment, receiver, webhookKey, model, modelGate };
    await deployment.platform({
      [HOST_SECRETS.webhookKey]: webhookKey,
      [HOST_SECRETS.dashboardToken]: dashboardToken,
    });
  }, SETUP_LIMIT_MS);
  afterAll(async () => {
    await fixture?.deployment.remove();
    await fixture?.modelGate.close();
    await fixture?.model.close();
    await fixture?.receiver.close();
  });
  return () => {
    if (!fixture) throw new Error('the fixture is not there outside of hooks and tests');
    return fixture;
  };
}
