/** Puts the runner's bundle where the host starts it from, and nothing but that bundle. */
import { hash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IMDS_URL, roleCredentials } from './imds';
import { getObject, Refused } from './s3';

/** What of `host.json` is needed here. */
export interface BundleConfig {
  readonly homeRegion: string;
  readonly artifactBucket: string;
  readonly bundle: { readonly key: string; readonly sha256: string };
}

export interface FetchOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
  /** Of a clock that never goes back, in milliseconds. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** A store that is gone for minutes ends no host; one that goes on saying no does. */
const PATIENCE_MS = { unanswered: 600_000, refused: 120_000 };
const LONGEST_PAUSE_MS = 15_000;

/** @throws Error when the bundle cannot be had in time, or is another one than was agreed on */
export async function fetchBundle(config: BundleConfig, path: string, options: FetchOptions): Promise<void> {
  const { sha256 } = config.bundle;
  const present = await readFile(path).catch(() => undefined);
  if (present && hash('sha256', present) === sha256) return options.log(`${path} is there already`);
  const bytes = await patiently(() => attempt(config, options.env), options);
  const actual = hash('sha256', bytes);
  if (actual !== sha256)
    throw new Error(
      `${config.bundle.key}: its SHA-256 is ${actual}; allowed: ${sha256}, which this host was told`,
    );
  await mkdir(dirname(path), { recursive: true });
  // Whoever looks sees the whole bundle or none.
  await writeFile(`${path}.part`, bytes, { mode: 0o644 });
  await rename(`${path}.part`, path);
  options.log(`fetched ${config.bundle.key}, ${bytes.length} bytes, SHA-256 as agreed`);
}

async function attempt(
  { artifactBucket, homeRegion, bundle }: BundleConfig,
  env: FetchOptions['env'],
): Promise<Buffer> {
  const plain = (url: string | undefined): string | undefined => url?.replace(/\/+$/, '') || undefined;
  const imds = plain(env['AWS_EC2_METADATA_SERVICE_ENDPOINT']) ?? IMDS_URL;
  const endpoint = plain(env['AWS_ENDPOINT_URL']);
  const object = { bucket: artifactBucket, key: bundle.key, region: homeRegion, endpoint };
  return getObject(object, await roleCredentials(imds));
}

/** Tries again, at growing distances, until it has waited long enough. */
async function patiently<T>(action: () => Promise<T>, { log, now, wait }: FetchOptions): Promise<T> {
  const began = now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      const patience = error instanceof Refused ? PATIENCE_MS.refused : PATIENCE_MS.unanswered;
      const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      const said = messageOf(error);
      if (now() - began + pause > patience) throw new Error(`gave up after ${attempt} attempts: ${said}`);
      log(`attempt ${attempt}: ${said}; again in ${Math.ceil(pause / 1000)} s`);
      await wait(pause);
    }
  }
}

/** `fetch` hides why it failed in the cause. */
function messageOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: { readonly message?: string } };
  return cause?.message ? `${message}: ${cause.message}` : message;
}
