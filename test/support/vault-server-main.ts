/** The app of a `dev` with a Vault of its own, as `main.ts` would make it. */
import { App } from 'cdktf';
import { buildReaperZip } from '../../constructs/lifetime/reaper/package';
import { enforcePolicy } from '../../constructs/policy';
import { linkProviderMirror } from '../../ops/lib/provider-mirror';
import { buildVaultVmProgram } from '../../ops/lib/vault-vm-program';
import { PlatformStack } from '../../stacks/platform-stack';
import { VaultServerStack } from '../../stacks/vault-server-stack';
import { devWithVaultServer, OWN_VAULT, VAULT_SERVER } from './vault-servers';

const environment = devWithVaultServer();
const app = new App();
enforcePolicy(new PlatformStack(app, { environment, reaperZip: buildReaperZip() }));
enforcePolicy(
  new VaultServerStack(app, {
    environment,
    secrets: OWN_VAULT,
    server: VAULT_SERVER,
    program: buildVaultVmProgram,
  }),
);
app.synth();
linkProviderMirror(app.outdir);
