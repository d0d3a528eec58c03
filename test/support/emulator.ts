import { startEmulator, type Emulator } from '../../ops/lib/emulator';

const START_LIMIT_MS = 90_000;

/** One emulator for the suite it is called in. Its properties can be read from `beforeAll` on. */
export function withEmulator(): Pick<Emulator, 'endpoint' | 'env'> {
  let emulator: Emulator | undefined;
  const started = (): Emulator => {
    if (!emulator) throw new Error('the emulator is not running outside of hooks and tests');
    return emulator;
  };
  beforeAll(async () => {
    emulator = await startEmulator();
  }, START_LIMIT_MS);
  afterAll(() => emulator?.stop());
  return {
    get endpoint() {
      return started().endpoint;
    },
    get env() {
      return started().env;
    },
  };
}
