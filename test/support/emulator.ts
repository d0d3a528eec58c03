import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from '../../ops/lib/emulator';

const START_LIMIT_MS = 90_000;

/** One emulator for the suite it is called in. Its properties can be read from `beforeAll` on. */
export function withEmulator(): Pick<Emulator, 'endpoint' | 'env'> {
  let emulator: Emulator | undefined;
  const started = (): Emulator => {
    if (!emulator) throw new Error('the emulator is not running outside of hooks and tests');
    return emulator;
  };
  const recordingFile = join(tmpdir(), `he300-calls-${process.pid}`);
  beforeAll(async () => {
    emulator = await startEmulator({ recordingFile });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await emulator?.stop();
    rmSync(recordingFile, { force: true });
  }, START_LIMIT_MS);
  return {
    get endpoint() {
      return started().endpoint;
    },
    get env() {
      return started().env;
    },
  };
}
