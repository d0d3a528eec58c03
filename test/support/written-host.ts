/** What user data would write, below a directory instead of `/`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { renderUnit, UNIT_DIRECTORY } from '../../userdata/unit';
import { limitUnits } from '../../userdata/units/limit';
import { userData, type UserDataProps } from '../../userdata/user-data';

interface Written {
  readonly path: string;
  readonly content: string;
  readonly permissions: string;
  readonly encoding?: string;
}

/** @returns the paths, without the directory */
export function writeHost(props: UserDataProps, directory: string): readonly string[] {
  const early = limitUnits(props.host.timeLimitMinutes).map((unit) => ({
    path: `${UNIT_DIRECTORY}/${unit.name}`,
    content: renderUnit(unit),
    permissions: '0644',
  }));
  return [...writeFiles(userData(props), directory), ...write(early, directory)];
}

/** What any user data of ours writes. @returns the paths, without the directory */
export function writeFiles(text: string, directory: string): readonly string[] {
  const { write_files } = JSON.parse(text.slice(text.indexOf('\n'))) as { write_files: Written[] };
  return write(write_files, directory);
}

function write(files: readonly Written[], directory: string): readonly string[] {
  for (const { path, content, permissions, encoding } of files) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    const bytes = encoding === 'gz+b64' ? gunzipSync(Buffer.from(content, 'base64')) : content;
    writeFileSync(target, bytes, { mode: parseInt(permissions, 8) });
  }
  return files.map(({ path }) => path);
}
