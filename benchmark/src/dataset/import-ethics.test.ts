import { zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeWithSharedData } from '../../../test/support/skip';
import { ETHICS_FILES } from './ethics-files';
import { importEthics } from './import-ethics';

let dir: string;
let target: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-import-'));
  target = join(dir, 'ethics');
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};

describe('a source that is of no use leaves nothing behind', () => {
  afterEach(() => expect(readdirSync(dir).filter((name) => name.startsWith('ethics'))).toEqual([]));

  test('nothing there', async () => {
    await expect(importEthics(join(dir, 'nowhere'), target)).rejects.toThrow(
      `dataset: no such file or directory: ${join(dir, 'nowhere')}`,
    );
  });

  test('an archive of something else', async () => {
    const tar = write('other.tar', createTar([{ name: 'README', data: 'hello' }]));
    await expect(importEthics(tar, target)).rejects.toThrow(
      /other\.tar holds none of the files; allowed: a zip, tar or tar\.gz with cm_test\.csv, /,
    );
  });

  test('an archive cut short', async () => {
    const zip = write('cut.zip', zipSync({ 'cm_test.csv': new Uint8Array(5000) }).slice(0, 60));
    await expect(importEthics(zip, target)).rejects.toThrow(/cut\.zip cannot be unpacked: /);
    const tgz = write('cut.tgz', gzipSync(createTar([{ name: 'cm_test.csv', data: 'x' }])).subarray(0, 40));
    await expect(importEthics(tgz, target)).rejects.toThrow(/cut\.tgz cannot be unpacked: /);
  });

  test('an archive whose files differ names the first of them, by the archive’s name', async () => {
    const tar = write('old.tar', createTar([{ name: 'ethics/cm_test.csv', data: 'label,input\n' }]));
    await expect(importEthics(tar, target)).rejects.toThrow(
      /^dataset: .*old\.tar\/cm_test\.csv has SHA-256 [0-9a-f]{64}; allowed: a004/,
    );
  });

  test('a server that refuses, and one that is not there', async () => {
    await withServer(404, '', async (url) => {
      await expect(importEthics(`${url}/x.tar`, target)).rejects.toThrow(
        `dataset: ${url}/x.tar answers 404; allowed: 200`,
      );
    });
    await expect(importEthics('http://127.0.0.1:9/x.tar', target)).rejects.toThrow(
      /^dataset: http:\/\/127\.0\.0\.1:9\/x\.tar: /,
    );
  });
});

test('a place that holds something else is left as it is', async () => {
  const notes = write('notes.txt', 'mine');
  for (const place of [dir, notes])
    await expect(importEthics(join(dir, 'nowhere'), place)).rejects.toThrow(
      `dataset: ${place} holds something else; allowed: an empty directory, or an import`,
    );
  expect(readFileSync(notes, 'utf8')).toBe('mine');
});

async function withServer(
  status: number,
  body: string | Uint8Array,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

describeWithSharedData('the published files', (data) => {
  const files = Object.values(ETHICS_FILES).map(({ folder, stem }) => ({
    name: `ethics/${folder}/${stem}.csv`,
    data: new Uint8Array(readFileSync(join(data, 'ethics', folder, `${stem}.csv`))),
  }));
  // What else the archive holds is left out.
  const tar = createTar([
    ...files,
    { name: 'ethics/commonsense/cm_ambig.csv', data: 'x' },
    { name: '../../evil.csv', data: 'x' },
  ]);
  const NAMES = [
    'cm_test.csv',
    'cm_test_hard.csv',
    'deontology_test.csv',
    'justice_test.csv',
    'virtue_test.csv',
  ];

  test.each<[string, () => string]>([
    ['a directory', () => join(data, 'ethics')],
    ['a tar', () => write('a.tar', tar)],
    ['a tar.gz', () => write('a.tgz', gzipSync(tar))],
    ['a zip', () => write('a.zip', zipSync(Object.fromEntries(files.map((f) => [f.name, f.data]))))],
  ])('are taken from %s, and take the place of what was there', async (_title, source) => {
    const from = source();
    await importEthics(from, target);
    writeFileSync(join(target, 'stray.csv'), 'x');
    const { scenarios } = await importEthics(from, `${target}/`);
    expect(scenarios.get('virtue')).toHaveLength(4975);
    expect(readdirSync(target).sort()).toEqual(NAMES);
    expect(existsSync(join(dir, 'evil.csv'))).toBe(false);
  });

  test('are taken from a URL', async () => {
    await withServer(200, gzipSync(tar), async (url) => {
      expect((await importEthics(`${url}/download?id=7`, target)).scenarios.size).toBe(5);
    });
  });
});
