/** What the programs that will read our user data say of it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { dashboardVms } from '../support/dashboard-vm-variants';
import { HOST_VARIANTS, hostVariants } from '../support/host-variants';
import { describeWithTools } from '../support/skip';
import { ownVaultProps } from '../support/vault-servers';
import { writeFiles, writeHost } from '../support/written-host';
import { userData } from '../../userdata/user-data';
import { vaultServerUserData } from '../../userdata/vault-server/user-data';

jest.setTimeout(120_000);

const ownVaultVm = ['a Vault of one’s own', vaultServerUserData(ownVaultProps)] as const;

/** Everything that user data can be: its text, and what writes its files below a directory. */
const variants = [
  ...hostVariants.map(
    ([name, props]) => [name, userData(props), (to: string) => writeHost(props, to)] as const,
  ),
  ...[...dashboardVms, ownVaultVm].map(
    ([name, text]) => [name, text, (to: string) => writeFiles(text, to)] as const,
  ),
];

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-user-data-'))));
afterEach(() => rmSync(dir, { recursive: true }));

function said(program: string, ...args: readonly string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

describeWithTools(['cloud-init'], 'cloud-init takes it', (tools) => {
  const checked = (text: string) => {
    writeFileSync(join(dir, 'user-data'), text);
    return said(tools['cloud-init'].path, 'schema', '--config-file', join(dir, 'user-data'));
  };

  test.each(variants)('%s', (_variant, text) => {
    expect(checked(text)).toMatchObject({ code: 0 });
  });

  test('and would not if a key were wrong', () => {
    const text = userData(HOST_VARIANTS.outbound!).replace('"permissions"', '"mode"');
    expect(checked(text)).toMatchObject({ code: 1 });
  });
});

describeWithTools(['shellcheck'], 'shellcheck finds nothing in the script', ({ shellcheck }) => {
  test.each(variants)('%s', (_variant, _text, write) => {
    write(dir);
    expect(said(shellcheck.path, '--severity=style', join(dir, 'opt/he300/provision'))).toEqual({
      code: 0,
      text: '',
    });
  });
});

describeWithTools(['systemd-analyze'], 'systemd', (tools) => {
  const analyze = tools['systemd-analyze'].path;
  const unitsOf = (paths: readonly string[]): string[] =>
    paths.filter((path) => path.startsWith('/etc/systemd/system/')).map((path) => join(dir, path));

  /** What the script brings, or the image has; on this machine they need not be. */
  const BROUGHT =
    /: Command \/(opt\/he300\/|usr\/bin\/docker|usr\/sbin\/nft).* is not executable: No such file/;
  const ELSEWHERE = /docker\.service.* not found/;

  test.each(variants)('reads every unit without a complaint: %s', (_variant, _text, write) => {
    const units = unitsOf(write(dir));
    const { text } = said(analyze, 'verify', '--man=no', ...units);
    const complaints = text.trim().split('\n').filter(Boolean);
    expect(complaints.filter((line) => !BROUGHT.test(line) && !ELSEWHERE.test(line))).toEqual([]);
  });

  test('and complains of a directive that it does not know', () => {
    const unit = join(dir, 'he300-x.service');
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\nProtectEverything=yes\n');
    expect(said(analyze, 'verify', '--man=no', unit).text).toMatch(/Unknown key .*'ProtectEverything'/);
  });

  /** It installs packages, drivers and units, which is all that the others may not do. */
  const UNBOUNDED = 'he300-provision.service';
  const THRESHOLD = 4.0;

  test.each(variants)(
    `no unit is more exposed than ${THRESHOLD}, but for what installs: %s`,
    (_variant, _text, write) => {
      const services = unitsOf(write(dir)).filter((path) => path.endsWith('.service'));
      expect(services.length).toBeGreaterThan(3);
      for (const path of services.filter((unit) => basename(unit) !== UNBOUNDED)) {
        const { text } = said(analyze, 'security', '--offline=true', '--no-pager', path);
        const exposure = /Overall exposure level for (\S+): ([\d.]+)/.exec(text);
        expect({ unit: exposure?.[1], bounded: Number(exposure?.[2]) <= THRESHOLD }).toEqual({
          unit: basename(path),
          bounded: true,
        });
      }
    },
  );
});
