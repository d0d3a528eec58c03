/** Packs the dashboard into the one archive that its VM downloads: the server, the page, and what the VM does besides serving. */
import { gzipSync } from 'fflate';
import { createTar } from 'nanotar';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { builtFile, PROJECT, replace } from '../../constructs/build/built-file';

export interface DashboardArchive {
  /** Absolute path of the archive, a gzipped tar. */
  readonly path: string;
  /** Hex digest of its bytes. */
  readonly sha256: string;
}

/** What the page is made of, besides what its packages are. */
const PAGE_SOURCES = ['dashboard/web', 'dashboard/api', 'dashboard/package.json', 'package-lock.json'];
const PROGRAMS = {
  server: join(PROJECT, 'dist/dashboard.mjs'),
  vm: join(PROJECT, 'dist/dashboard-vm.mjs'),
};
const DOCS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE'];

/**
 * Makes the archive where it is not up to date. The same sources give the same bytes on every machine, because the digest is
 * the archive's name in the artifact bucket.
 * @throws Error with the words of esbuild or Vite where the dashboard cannot be built
 */
export function buildDashboardArchive(
  path: string = join(PROJECT, 'dist/dashboard.tar.gz'),
): DashboardArchive {
  const programs = {
    'dashboard.mjs': program('dashboard/server/cli/main.ts', PROGRAMS.server),
    'vm.mjs': program('userdata/dashboard/vm/main.ts', PROGRAMS.vm),
  };
  const pageSources = PAGE_SOURCES.flatMap((source) => filesBelow(join(PROJECT, source)));
  // A program that is made again with the same bytes stays the same file, so that its state tells of its bytes.
  const made = hash(
    'sha256',
    [...Object.values(PROGRAMS), ...pageSources, __filename].map(stateOf).join('\n'),
  );
  const stampPath = `${path}.made-of`;
  const stamp = existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '';
  const [sources, sha256] = stamp.split(' ');
  if (sources === made && existsSync(path) && hash('sha256', readFileSync(path)) === sha256)
    return { path, sha256 };

  const bytes = packed({ ...programs, ...docs(), ...page() });
  replace(path, bytes);
  const digest = hash('sha256', bytes);
  replace(stampPath, `${made} ${digest}`);
  return { path, sha256: digest };
}

type Files = Readonly<Record<string, Uint8Array>>;

/** One of our programs in one file. The VM's Node has SQLite in it, so that nothing native is needed. */
const program = (entry: string, path: string): Uint8Array =>
  builtFile(path, {
    file: __filename,
    options: {
      entryPoints: [entry],
      target: 'node24',
      format: 'esm',
      minify: true,
      keepNames: true,
      define: { HE300_BUNDLED: 'true' },
      // As `dashboard/build/server.ts` has it: what is native, and what only a checkout has.
      external: ['libsql', 'pg-native', '*/build/page'],
      // Packages written as CommonJS call require, which a module has only when it makes it.
      banner: {
        js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
      },
    },
  });

function docs(): Files {
  const directory = dirname(require.resolve('swagger-ui-dist/package.json'));
  return Object.fromEntries(DOCS.map((name) => [`docs/${name}`, readFileSync(join(directory, name))]));
}

/** Built into a directory of its own: a synth beside this one may be building too. */
function page(): Files {
  const parent = join(PROJECT, '.he300');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'page-'));
  try {
    const vite = join(dirname(require.resolve('vite/package.json')), 'bin/vite.js');
    execFileSync(
      process.execPath,
      [vite, 'build', 'web', '--outDir', directory, '--emptyOutDir', '--logLevel', 'error'],
      { cwd: join(PROJECT, 'dashboard'), stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return Object.fromEntries(
      filesBelow(directory).map((file) => [`web/${relative(directory, file)}`, readFileSync(file)]),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Without owner, time and order of the machine; by a packer whose result does not depend on Node's version. */
function packed(files: Files): Uint8Array {
  const attrs = { mode: '644', uid: 0, gid: 0, user: 'root', group: 'root', mtime: 0 };
  const entries = Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, data]) => ({ name, data, attrs }));
  return gzipSync(createTar(entries), { level: 9, mtime: 0 });
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap(({ name }) => filesBelow(join(path, name)))
    .sort();
}

function stateOf(file: string): string {
  const { size, mtimeNs } = statSync(file, { bigint: true });
  return `${relative(PROJECT, file)} ${size} ${mtimeNs}`;
}
