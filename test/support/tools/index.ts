/** Every external program of the tests: taken from PATH when its version fits, else installed once where that is possible. */
import { moto } from '../../../ops/lib/moto';
import { terraform, ToolMissing, toolOnPath, type Tool } from '../../../ops/lib/tool';
import { venvTool } from '../../../ops/lib/venv';
import { aptTool, type AptRecipe } from './apt-tool';
import { goTool, type GoRecipe } from './go-tool';

const GO_RECIPES = {
  // The newest Vault that builds from its module: 1.21.4 and 1.20 do not.
  vault: { module: 'github.com/hashicorp/vault', version: '1.21.0', duration: '7 to 12 minutes' },
  // The newest Ollama that builds from its module.
  ollama: { module: 'github.com/ollama/ollama', version: '0.6.5', duration: '2 minutes' },
  packer: {
    module: 'github.com/hashicorp/packer',
    version: '1.11.2',
    // Packer's plugin SDK needs this fork of go-cty, and a go.mod's replacements do not reach those who depend on it.
    replace: 'github.com/zclconf/go-cty => github.com/nywilken/go-cty v1.13.3',
    duration: '2 minutes',
  },
  actionlint: {
    module: 'github.com/rhysd/actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    version: '1.7.12',
    duration: 'half a minute',
  },
} as const satisfies Record<string, Omit<GoRecipe, 'name'>>;

/** `with` names what a program needs to be of use here. */
const APT_RECIPES = {
  caddy: { package: 'caddy', versionArgs: ['version'] },
  chromium: { package: 'chromium' },
  'cloud-init': { package: 'cloud-init' },
  debugfs: { package: 'e2fsprogs', versionArgs: ['-V'] },
  mmdebstrap: { package: 'mmdebstrap' },
  nft: { package: 'nftables' },
  // Debian keeps the programs of each version apart, so that several can be installed.
  postgres: { package: 'postgresql-15', dir: '/usr/lib/postgresql/15/bin' },
  promtool: { package: 'prometheus' },
  'qemu-system-x86_64': { package: 'qemu-system-x86' },
  'redis-server': { package: 'redis-server' },
  // BSD's has other options, and no version.
  script: { package: 'bsdutils', minimum: '2.25' },
  shellcheck: { package: 'shellcheck' },
  'systemd-analyze': { package: 'systemd' },
  wg: { package: 'wireguard-tools', with: ['wireguard-go', 'iproute2'] },
} as const satisfies Record<string, Omit<AptRecipe, 'name'>>;

const CHECKOV = { name: 'checkov', requirement: 'checkov==3.3.30', program: 'checkov' };
const SCHEMATHESIS = {
  name: 'schemathesis',
  requirement: 'schemathesis==4.32.5',
  program: 'schemathesis',
};
// Libraries: what is run is their environment's interpreter.
const INSPECT_AI = { name: 'inspect_ai', requirement: 'inspect_ai==0.3.285', program: 'python3' };
const LM_EVAL = { name: 'lm_eval', requirement: 'lm_eval==0.4.13', program: 'python3' };

const RESOLVERS = {
  terraform,
  moto,
  checkov: () => fromPathOr('checkov', '3.0', () => venvTool(CHECKOV)),
  inspect_ai: () => venvTool(INSPECT_AI),
  lm_eval: () => venvTool(LM_EVAL),
  schemathesis: () => venvTool(SCHEMATHESIS),
  vault: () => goProgram('vault'),
  ollama: () => goProgram('ollama'),
  packer: () => goProgram('packer'),
  actionlint: () => goProgram('actionlint'),
  caddy: () => aptProgram('caddy'),
  chromium: () => aptProgram('chromium'),
  'cloud-init': () => aptProgram('cloud-init'),
  debugfs: () => aptProgram('debugfs'),
  mmdebstrap: () => aptProgram('mmdebstrap'),
  nft: () => aptProgram('nft'),
  postgres: () => aptProgram('postgres'),
  promtool: () => aptProgram('promtool'),
  'qemu-system-x86_64': () => aptProgram('qemu-system-x86_64'),
  'redis-server': () => aptProgram('redis-server'),
  script: () => aptProgram('script'),
  shellcheck: () => aptProgram('shellcheck'),
  'systemd-analyze': () => aptProgram('systemd-analyze'),
  wg: () => aptProgram('wg'),
} as const satisfies Record<string, () => Tool>;

export type ToolName = keyof typeof RESOLVERS;

const resolved = new Map<ToolName, Tool>();

/**
 * Resolves a program, installing it when it is lacking: that may take minutes the first time.
 * @throws ToolMissing with the reason and how to get it
 */
export function tool(name: ToolName): Tool {
  const found = resolved.get(name) ?? RESOLVERS[name]();
  resolved.set(name, found);
  return found;
}

const goProgram = (name: keyof typeof GO_RECIPES): Tool =>
  fromPathOr(name, GO_RECIPES[name].version, () => goTool({ name, ...GO_RECIPES[name] }));

const aptProgram = (name: keyof typeof APT_RECIPES): Tool => aptTool({ name, ...APT_RECIPES[name] });

function fromPathOr(name: string, minimum: string, install: () => Tool): Tool {
  try {
    return toolOnPath(name, ['--version'], minimum, '');
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    return install();
  }
}
