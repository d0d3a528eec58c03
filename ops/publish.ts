import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { loadEnvironment } from '../environments';
import { CliError, runCli } from './lib/cli';
import { explain, openAccount } from './lib/cloud';
import { ethicsArchive } from './lib/ethics-archive';
import { ggufFile, verifying } from './lib/gguf-file';
import { datasetKey, modelKey, publish, type Input } from './lib/publish';

interface Wanted {
  readonly input: Input;
  readonly sha256: string;
  /** What to write into the environment. */
  readonly line: string;
}

const KINDS: Readonly<Record<string, (source: string) => Promise<Wanted>>> = {
  async dataset(source) {
    const archive = await ethicsArchive(source);
    const sha256 = hash('sha256', archive);
    const input = {
      key: datasetKey(sha256),
      bytes: archive.length,
      open: () => archive,
      contentType: 'application/gzip',
    };
    return { input, sha256, line: `dataset: '${sha256}',` };
  },
  async model(source) {
    const { path, bytes, sha256 } = await ggufFile(source);
    const open = () => {
      const verified = verifying(sha256, path);
      return createReadStream(path)
        .on('error', (error) => verified.destroy(error))
        .pipe(verified);
    };
    const input = { key: modelKey(sha256), bytes, open, contentType: 'application/octet-stream' };
    return { input, sha256, line: `weights: { '${basename(path, '.gguf')}': '${sha256}' },` };
  },
};

runCli(
  {
    name: 'publish',
    summary:
      'puts ETHICS or the weights of a model into the artifact bucket, named by their SHA-256; safe to repeat',
    usage:
      'npm run publish -- <env> dataset DIR|ARCHIVE|URL\n       npm run publish -- <env> model FILE.gguf',
    positionals: ['<env>', '<kind>', '<source>'],
  },
  async ({ positionals: [name, kind, source] }, out) => {
    const env = loadEnvironment(name!);
    const read = Object.hasOwn(KINDS, kind!) ? KINDS[kind!] : undefined;
    if (!read) throw new CliError(`'${kind}'; allowed: ${Object.keys(KINDS).join(', ')}`, 2);
    try {
      const { s3 } = await openAccount(env);
      const { input, sha256, line } = await read(source!);
      if (input.bytes > 1e9) out.progress(`${(input.bytes / 1e9).toFixed(1)} GB go to ${input.key}`);
      const done = await publish(env, s3, input);
      out.print(`${done.did.padEnd(9)} ${done.key}, ${done.bytes} bytes`);
      out.print(`in environments/${env.name}.ts, in run: ${line}`);
      out.result({ environment: env.name, kind, sha256, ...done });
    } catch (error) {
      throw new CliError(explain(error, env));
    }
  },
);
