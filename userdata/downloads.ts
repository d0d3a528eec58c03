/**
 * What a host downloads where its image lacks it: exact versions for x86-64, each with the SHA-256 of its archive as its
 * maker publishes it. An archive with another one is refused.
 */
export interface Download {
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
  /** How the archive is packed, as an option of tar. */
  readonly compression: '--gzip' | '--xz' | '--zstd';
  /** Programs in it, by the name under which they are called. */
  readonly programs: Readonly<Record<string, string>>;
}

export const DOWNLOADS = {
  /** The Long Term Support line; https://nodejs.org/dist/v24.21.0/SHASUMS256.txt */
  node: {
    version: '24.21.0',
    url: 'https://nodejs.org/dist/v24.21.0/node-v24.21.0-linux-x64.tar.xz',
    sha256: 'fd8e59d5a511510f6a298afb548f18c7d2b1be404d8b4a27d94fbe49f56cb2d6',
    compression: '--xz',
    programs: { node: 'node-v24.21.0-linux-x64/bin/node' },
  },
  /** https://github.com/ollama/ollama/releases/tag/v0.32.5 */
  ollama: {
    version: '0.32.5',
    url: 'https://github.com/ollama/ollama/releases/download/v0.32.5/ollama-linux-amd64.tar.zst',
    sha256: 'f7d6bdbcf71b83aa8670c4e7dc4b6936c0952fcf8b114eaf6a11cbadb9684214',
    compression: '--zstd',
    programs: { ollama: 'bin/ollama' },
  },
  /** https://github.com/caddyserver/caddy/releases/tag/v2.11.4 */
  caddy: {
    version: '2.11.4',
    url: 'https://github.com/caddyserver/caddy/releases/download/v2.11.4/caddy_2.11.4_linux_amd64.tar.gz',
    sha256: '527fbf917c39189a1e3b31d34fa955601680b2d5c8055d2a87b8b9588dec7bb9',
    compression: '--gzip',
    programs: { caddy: 'caddy' },
  },
  /** https://pkgs.tailscale.com/stable/ */
  tailscale: {
    version: '1.102.4',
    url: 'https://pkgs.tailscale.com/stable/tailscale_1.102.4_amd64.tgz',
    sha256: '50748df1045e60b5b695f19f4c56b0da36c019948b440fb456b6584a50f0d8b9',
    compression: '--gzip',
    programs: {
      tailscale: 'tailscale_1.102.4_amd64/tailscale',
      tailscaled: 'tailscale_1.102.4_amd64/tailscaled',
    },
  },
} as const satisfies Record<string, Download>;

export type DownloadName = keyof typeof DOWNLOADS;

/** Vault's community edition; https://releases.hashicorp.com/vault/1.21.4/vault_1.21.4_SHA256SUMS */
export const VAULT_RELEASE = {
  version: '1.21.4',
  url: 'https://releases.hashicorp.com/vault/1.21.4/vault_1.21.4_linux_amd64.zip',
  sha256: '889b681990fe221b884b7932fa9c9dd0ee9811b9349554f1aa287ab63c9f3dae',
} as const;

/** vLLM 0.28.0, by the digest of its list of images; built for CUDA 13. */
export const VLLM_IMAGE =
  'docker.io/vllm/vllm-openai@sha256:61fc8a896b0a4fbbbdc063bc4b0dbc25ce98e02b5050c24aeb7830ac02039b14';

/** Signs the packages of NVIDIA's container toolkit; https://nvidia.github.io/libnvidia-container/gpgkey */
export const NVIDIA_TOOLKIT = {
  keyUrl: 'https://nvidia.github.io/libnvidia-container/gpgkey',
  keySha256: 'c880576d6cf75a48e5027a871bac70fd0421ab07d2b55f30877b21f1c87959c9',
  repository: 'https://nvidia.github.io/libnvidia-container/stable/deb/amd64',
} as const;
