import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CliError, runCli } from './lib/cli';
import { environmentDocs } from './lib/environment-docs';

const PROJECT = join(__dirname, '..');
const PAGES = { 'docs/environments.md': environmentDocs };

runCli(
  {
    name: 'docs',
    summary: 'writes the pages of docs/ that the code itself knows best',
    usage: 'npm run docs -- [options]',
    options: { check: { type: 'boolean', help: 'write nothing; fail when a page is out of date' } },
  },
  ({ values }, out) => {
    const pages = Object.entries(PAGES).map(([name, render]) => ({
      path: join(PROJECT, name),
      text: render(),
    }));
    const stale = pages.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
    const names = stale.map(({ path }) => relative(PROJECT, path));
    if (values.check && stale.length > 0)
      throw new CliError(`out of date: ${names.join(', ')}; run \`npm run docs\``);
    for (const { path, text } of stale) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    out.print(stale.length === 0 ? 'up to date' : `wrote ${names.join(', ')}`);
    out.result({ written: names });
    return Promise.resolve(0);
  },
);
