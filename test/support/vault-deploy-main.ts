/** The app of `FULL` for a Vault on loopback (`HE300_TEST_VAULT`), GitHub's keys (`HE300_TEST_ISSUER`) too. */
import { JwtAuthBackend } from '@cdktf/provider-vault/lib/jwt-auth-backend';
import { App } from 'cdktf';
import { enforcePolicy } from '../../constructs/policy';
import { linkProviderMirror } from '../../ops/lib/provider-mirror';
import { VaultStack } from '../../stacks/vault-stack';
import { fullAt } from './vault-stacks';

const environment = fullAt(process.env.HE300_TEST_VAULT!);
const app = new App();
const stack = new VaultStack(app, { environment, secrets: environment.secrets });
for (const method of stack.node.findAll().filter((node) => node instanceof JwtAuthBackend))
  method.oidcDiscoveryUrl = process.env.HE300_TEST_ISSUER!;
enforcePolicy(stack);
app.synth();
linkProviderMirror(app.outdir, process.env.HE300_TEST_MIRROR);
