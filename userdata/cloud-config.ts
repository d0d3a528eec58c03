/**
 * The keys of cloud-config that our hosts use, typed: https://cloudinit.readthedocs.io/en/latest/reference/modules.html.
 * JSON is YAML that cannot be mis-indented, so that is how it is written.
 */

export interface WrittenFile {
  readonly path: string;
  readonly content: string;
  /** Octal. @default '0644' */
  readonly permissions?: `0${number}`;
  /** How the content is packed. @default - as it is */
  readonly encoding?: 'gz+b64';
}

/** A program and its arguments; no shell takes it apart. */
export type Command = readonly [program: string, ...args: string[]];

export interface CloudConfig {
  /** Run early on every boot, before anything is written or installed. */
  readonly bootcmd: readonly Command[];
  readonly write_files: readonly WrittenFile[];
}

export function renderCloudConfig({ bootcmd, write_files }: CloudConfig): string {
  const files = write_files.map(({ path, content, permissions = '0644', encoding }) => ({
    path,
    permissions,
    ...(encoding ? { encoding } : {}),
    content,
  }));
  return `#cloud-config\n${JSON.stringify({ bootcmd, write_files: files })}\n`;
}
