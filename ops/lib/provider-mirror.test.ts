import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProviderMirror, linkProviderMirror, mirrorHolds } from './provider-mirror';

const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-mirror-'))));
afterEach(() => rmSync(dir, { recursive: true }));

function mirrorAt(path: string, ...versions: string[]): string {
  const mirror = join(dir, path);
  for (const version of versions) {
    mkdirSync(join(mirror, 'registry.terraform.io/hashicorp/aws', version, PLATFORM), { recursive: true });
  }
  return mirror;
}

/** A synthesized stack; returns the place of its link. */
function stack(name: string, providers: Record<string, string>): string {
  const path = join(dir, 'cdktf.out/stacks', name);
  const required = Object.entries(providers).map(([key, version]) => [
    key,
    { source: `hashicorp/${key}`, version },
  ]);
  mkdirSync(path, { recursive: true });
  const json = { terraform: { required_providers: Object.fromEntries(required) } };
  writeFileSync(join(path, 'cdk.tf.json'), JSON.stringify(json));
  return join(path, 'terraform.d/plugins');
}

const link = (mirror: string | undefined) => linkProviderMirror(join(dir, 'cdktf.out'), mirror);
const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

describe('looking for a mirror', () => {
  test('can be for another provider than AWS', () => {
    const mirror = mirrorAt('a', '5.100.0');
    expect(findProviderMirror([dir])).toBe(mirror);
    expect(findProviderMirror([dir], 'hashicorp/vault')).toBeUndefined();
    mkdirSync(join(dir, 'b/registry.terraform.io/hashicorp/vault/5.6.0', PLATFORM), { recursive: true });
    expect(findProviderMirror([dir], 'hashicorp/vault')).toBe(join(dir, 'b'));
  });

  test('says which versions of a provider it holds', () => {
    const mirror = mirrorAt('a', '5.100.0');
    expect(mirrorHolds(mirror, 'hashicorp/aws', '5.100.0')).toBe(true);
    expect(mirrorHolds(mirror, 'hashicorp/aws', '5.99.0')).toBe(false);
    expect(mirrorHolds(mirror, 'hashicorp/vault', '5.6.0')).toBe(false);
  });

  test('gives up below two levels, and on roots that do not exist', () => {
    mirrorAt('a/b/c', '5.100.0');
    expect(findProviderMirror([dir, join(dir, 'nowhere')])).toBeUndefined();
  });

  test.each(['.', 'plugins', 'terraform/plugins'])('finds it at %s', (path) => {
    const mirror = mirrorAt(path, '5.100.0');
    expect(findProviderMirror([dir])).toBe(mirror);
  });

  test('prefers the one nearer to a root', () => {
    mirrorAt('a/b', '5.100.0');
    const nearer = mirrorAt('z', '5.100.0');
    expect(findProviderMirror([dir])).toBe(nearer);
  });
});

describe('linking a mirror into the stacks', () => {
  test('leaves out a stack that wants another version, since Terraform would look nowhere else', () => {
    const place = stack('dev', { aws: '5.99.0' });
    link(mirrorAt('mirror', '5.100.0'));
    expect(exists(place)).toBe(false);
  });

  test('takes back a link that no longer serves the stack', () => {
    const mirror = mirrorAt('mirror', '5.100.0');
    const place = stack('dev', { aws: '5.100.0' });
    link(mirror);
    expect(exists(place)).toBe(true);
    stack('dev', { aws: '6.0.0' });
    link(mirror);
    expect(exists(place)).toBe(false);
  });

  test('replaces a link to a mirror that has gone', () => {
    const place = stack('dev', { aws: '5.100.0' });
    mkdirSync(join(place, '..'));
    symlinkSync(join(dir, 'gone'), place);
    const mirror = mirrorAt('mirror', '5.100.0');
    link(mirror);
    expect(readlinkSync(place)).toBe(mirror);
  });

  test('serves every stack, twice the same, also one with a provider that the mirror does not know', () => {
    const places = [stack('dev', { aws: '5.100.0' }), stack('dev-vault', { aws: '5.100.0', vault: '5.6.0' })];
    const mirror = mirrorAt('mirror', '5.100.0');
    link(mirror);
    const made = places.map((place) => lstatSync(place, { bigint: true }).ctimeNs);
    link(mirror);
    expect(places.map((place) => readlinkSync(place))).toEqual([mirror, mirror]);
    expect(places.map((place) => lstatSync(place, { bigint: true }).ctimeNs)).toEqual(made);
  });

  test('takes a packed provider as well', () => {
    const place = stack('dev', { aws: '5.100.0' });
    const mirror = mirrorAt('mirror', '5.99.0');
    const zip = `terraform-provider-aws_5.100.0_${PLATFORM}.zip`;
    writeFileSync(join(mirror, 'registry.terraform.io/hashicorp/aws', zip), '');
    link(mirror);
    expect(readlinkSync(place)).toBe(mirror);
  });

  test('does nothing before the first synth', () => {
    expect(() => link(mirrorAt('mirror', '5.100.0'))).not.toThrow();
  });
});
