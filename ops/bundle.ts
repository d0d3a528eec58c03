import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildRunnerBundle } from './lib/bundle';
import { runCli } from './lib/cli';

runCli(
  {
    name: 'bundle',
    summary: 'packs the benchmark runner into one file',
    usage: 'npm run bundle -- [options]',
  },
  async (_args, out) => {
    const { path, sha256 } = buildRunnerBundle();
    const content = readFileSync(path);
    const bytes = content.length;
    const gzippedBytes = gzipSync(content, { level: 9 }).length;
    out.print(`${relative(process.cwd(), path)}: ${bytes} bytes, ${gzippedBytes} gzipped, sha256 ${sha256}`);
    out.result({ path, bytes, gzippedBytes, sha256 });
  },
);
