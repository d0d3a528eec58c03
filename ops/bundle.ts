import { statSync } from 'node:fs';
import { relative } from 'node:path';
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
    const bytes = statSync(path).size;
    out.print(`${relative(process.cwd(), path)}: ${bytes} bytes, sha256 ${sha256}`);
    out.result({ path, bytes, sha256 });
  },
);
