import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProviderMirror, linkProviderMirror } from '../../ops/lib/provider-mirror';
import { describeWithTools, skipped } from '../support/skip';

const mirror = findProviderMirror();

describeWithTools(['terraform'], 'Terraform in a synthesized stack', ({ terraform }) => {
  let outdir: string;
  let stack: string;

  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), 'he300-init-'));
    stack = join(outdir, 'stacks/dev');
    mkdirSync(stack, { recursive: true });
    const aws = { source: 'hashicorp/aws', version: '5.100.0' };
    writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ terraform: { required_providers: { aws } } }));
  });
  afterEach(() => rmSync(outdir, { recursive: true }));

  const init = (configFile?: string) =>
    spawnSync(terraform.path, ['init', '-no-color', '-input=false'], {
      cwd: stack,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: outdir,
        CHECKPOINT_DISABLE: '1',
        // A proxy that refuses every connection: what is found now was found on this machine.
        HTTPS_PROXY: 'http://127.0.0.1:9',
        ...(configFile && { TF_CLI_CONFIG_FILE: configFile }),
      },
    });

  test('finds no provider when the registry is out of reach and nothing is linked', () => {
    expect(init().status).not.toBe(0);
  }, 60_000);

  if (!mirror) skipped('takes its providers from the mirror', 'no provider mirror on this machine');
  else {
    test.each([
      ['without a CLI configuration', undefined],
      ['with one that names a missing file', '/nowhere/terraformrc'],
    ])(
      'takes its providers from the mirror %s',
      (_title, configFile) => {
        linkProviderMirror(outdir, mirror);
        const { status, stdout, stderr } = init(configFile);
        expect({ status, stdout, stderr }).toMatchObject({
          status: 0,
          stdout: expect.stringContaining('Installed hashicorp/aws v5.100.0'),
        });
      },
      60_000,
    );
  }
});
