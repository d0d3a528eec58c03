// Brings a fresh checkout to the point where everything runs. Needs nothing but Node, because it is what installs the rest.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`setup: Node ${process.versions.node} is too old; install Node 20.19 or newer`);
  process.exit(1);
}

// The hash of the lock file that node_modules was installed from stands beside the packages, and goes when they go.
const INSTALLED = join(PROJECT, 'node_modules/.he300-lock');
const wanted = createHash('sha256')
  .update(readFileSync(join(PROJECT, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(INSTALLED) ? readFileSync(INSTALLED, 'utf8').trim() : undefined;

if (installed !== wanted) {
  console.log(`setup: npm ci (${installed ? 'package-lock.json has changed' : 'nothing installed yet'})`);
  run('npm', ['ci']);
  writeFileSync(INSTALLED, `${wanted}\n`);
}
run(process.execPath, ['--import', 'tsx', 'ops/doctor.ts']);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: PROJECT, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`setup: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
