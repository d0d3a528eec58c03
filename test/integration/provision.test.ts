/** The script that provisions a host, on every image that it knows, and on some that it must refuse. */
import { DOWNLOADS } from '../../userdata/downloads';
import { HOST_VARIANTS } from '../support/host-variants';
import { archiveOf, pinnedTo, provisioned, provisioningMissing, type Image } from '../support/provisioned';
import { skipped } from '../support/skip';

jest.setTimeout(120_000);

/** Tells its version like the real one, which is all that the script asks of it. */
const node = (version: string): string => `[ "$1" = --version ] && echo v${version}`;
const DEBIAN = ['debian', '12'] as const;
const gpu = { 'nvidia-smi': 'echo "GPU 0: NVIDIA A10G"' };
const whole = { node: node('24.21.0'), ollama: '', ...gpu };
const { embedded, outbound, vllm, wireguard } = HOST_VARIANTS;
const installed = (calls: readonly string[]): readonly string[] =>
  calls
    .filter((call) => call.startsWith('apt-get'))
    .map((call) => call.replace(/.*--no-install-recommends /, ''));

const missing = provisioningMissing();
if (missing !== undefined) skipped('provisioning', missing);
else
  describe('provisioning', () => {
    describe('what must not become a host', () => {
      test.each<[string, Image, string]>([
        [
          'a system that nobody has thought of',
          { os: ['fedora', '42'], programs: whole },
          'fedora 42; allowed: Lambda Stack, AWS Deep Learning base image (Ubuntu), Ubuntu 22.04, Ubuntu 24.04, Debian 12',
        ],
        [
          'another release of one',
          { os: ['debian', '13'], programs: whole },
          'debian 13; allowed: Lambda Stack, ',
        ],
        [
          'another processor',
          { os: DEBIAN, programs: { ...whole, uname: 'echo aarch64' } },
          'aarch64; allowed: x86_64',
        ],
        [
          'an image that lost its driver',
          {
            os: ['ubuntu', '22.04'],
            files: ['/opt/aws/dlami/info'],
            programs: { ...whole, 'nvidia-smi': 'exit 9' },
          },
          'no GPU answers',
        ],
        [
          'a Debian that is asked for a GPU',
          { os: DEBIAN, programs: { node: whole.node, ollama: '' } },
          'no driver: Debian 12 is for hosts without a GPU',
        ],
      ])('%s', (_title, image, said) => {
        const { code, said: lines, links } = provisioned(outbound!, image);
        expect(code).toBe(1);
        expect(lines.at(-1)).toContain(said);
        expect(links).toEqual({});
      });

      test('an archive with another SHA-256 is not unpacked', () => {
        const { url, sha256 } = DOWNLOADS.node;
        const { bytes, sha256: actual } = archiveOf([DOWNLOADS.node.programs.node], '--xz');
        const result = provisioned(embedded!, { os: DEBIAN }, { [url]: bytes });
        expect(result.code).toBe(1);
        expect(result.said.at(-1)).toBe(`${url}: SHA-256 ${actual}; allowed: ${sha256}`);
        expect(result.links).toEqual({});
      });

      test('an archive that cannot be had ends it', () => {
        expect(provisioned(embedded!, { os: DEBIAN })).toMatchObject({ code: 22, links: {} });
      });

      test('a bundle that user data brought, and somebody changed', () => {
        const lambda = HOST_VARIANTS['lambda cloud']!;
        const image = { os: ['ubuntu', '22.04'], files: ['/etc/lambda-stack'], programs: whole } as const;
        expect(provisioned(lambda, image)).toMatchObject({ code: 0 });
        const changed = provisioned({ ...lambda, bundle: Buffer.from('rm -rf /') }, image);
        expect(changed.code).toBe(1);
        expect(changed.said.at(-1)).toMatch(/^\/opt\/he300\/he300\.mjs: another bundle; allowed: SHA-256 /);
      });
    });

    describe('an image that has everything', () => {
      test.each<[string, Image['os'], readonly string[]]>([
        ['lambda-stack', ['ubuntu', '22.04'], ['/etc/lambda-stack']],
        ['deep-learning-base', ['ubuntu', '22.04'], ['/opt/aws/dlami/info']],
        ['ubuntu-22.04', ['ubuntu', '22.04'], []],
        ['ubuntu-24.04', ['ubuntu', '24.04'], []],
        ['debian-12', DEBIAN, []],
      ])('%s is told from the others, and nothing is installed or downloaded', (id, os, files) => {
        const { code, said, calls, links } = provisioned(outbound!, { os, files, programs: whole });
        expect({ code, said }).toEqual({ code: 0, said: [id, 'ready'] });
        expect(calls).toEqual(['modprobe nvidia']);
        expect(Object.keys(links).sort()).toEqual(['node', 'ollama']);
        for (const [name, target] of Object.entries(links))
          expect(target).toMatch(new RegExp(`/bin/${name}$`));
      });
    });

    describe('an image that has nothing', () => {
      const { url, programs } = DOWNLOADS.node;
      const archive = archiveOf([programs.node], '--xz');

      test.each([['none'], ['20.18.1'], ['18.20.4']])('gets our Node where it has %s', (version) => {
        const image: Image = {
          os: DEBIAN,
          programs: version === 'none' ? {} : { node: node(version) },
          edit: pinnedTo('node', archive.sha256),
        };
        const { code, links } = provisioned(embedded!, image, { [url]: archive.bytes });
        expect({ code, links }).toEqual({ code: 0, links: { node: `/opt/he300/node/${programs.node}` } });
      });

      test('keeps a Node that is supported', () => {
        const { links } = provisioned(embedded!, { os: DEBIAN, programs: { node: node('20.19.0') } });
        expect(links.node).toMatch(/\/bin\/node$/);
        expect(links.node).not.toContain('/opt/he300');
      });

      test('gets the tools of the tunnel', () => {
        const { code, calls } = provisioned(wireguard!, { os: ['ubuntu', '24.04'], programs: whole });
        expect(code).toBe(0);
        expect(installed(calls).at(-1)).toBe('nftables iproute2 wireguard-tools');
      });

      test('waits while the system itself reads the lists of packages, but not for ever', () => {
        const busy = (times: number) =>
          `case "$*" in *update) n=$(cat /opt/tries 2>/dev/null || echo 0); echo $((n + 1)) >/opt/tries; [ "$n" -ge ${times} ] ;; esac`;
        const image = (times: number): Image => ({
          os: ['ubuntu', '24.04'],
          programs: { ...whole, 'apt-get': busy(times) },
        });
        expect(provisioned(wireguard!, image(3)).code).toBe(0);
        const never = provisioned(wireguard!, image(1000));
        expect(never.code).toBe(1);
        expect(never.said.at(-1)).toBe('the lists of packages cannot be read');
        expect(never.calls).toHaveLength(20);
      });

      test('gets the driver of Ubuntu, for the kernel that runs', () => {
        const kernel = { uname: 'if [ "$1" = -m ]; then echo x86_64; else echo 6.8.0-1021-aws; fi' };
        const { code, calls } = provisioned(outbound!, {
          os: ['ubuntu', '24.04'],
          programs: { node: whole.node, ollama: '', ...kernel },
        });
        // It is not there even afterwards, for nothing was really installed.
        expect(code).toBe(1);
        expect(installed(calls).at(-1)).toBe(
          'linux-modules-nvidia-580-server-open-6.8.0-1021-aws nvidia-headless-no-dkms-580-server-open nvidia-utils-580-server',
        );
      });

      test('gets Docker, and NVIDIA’s toolkit from an archive whose key is the pinned one', () => {
        const programs = { ...whole, nft: '', wg: '', ip: '' };
        const refused = provisioned(
          vllm!,
          { os: ['ubuntu', '22.04'], programs },
          {
            'https://nvidia.github.io/libnvidia-container/gpgkey': Buffer.from('another key'),
          },
        );
        expect(refused.code).toBe(1);
        expect(installed(refused.calls).at(-1)).toBe('docker.io');
        expect(refused.said.at(-1)).toMatch(/gpgkey: SHA-256 \w+; allowed: c880576d/);
      });

      test('gives containers the GPU', () => {
        const programs = { ...whole, nft: '', wg: '', ip: '', docker: '', 'nvidia-ctk': '' };
        const { code, calls } = provisioned(vllm!, { os: ['ubuntu', '22.04'], programs });
        expect(code).toBe(0);
        expect(calls).toEqual([
          'modprobe nvidia',
          'nvidia-ctk runtime configure --runtime=docker',
          'systemctl restart docker',
        ]);
      });
    });
  });
