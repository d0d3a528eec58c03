/** `npm run vault-init` for `FULL`, with GitHub's keys read on loopback: `HE300_TEST_ISSUER`. */
import { runCli } from '../../ops/lib/cli';
import { VAULT_INIT, vaultInit } from '../../ops/lib/vault/command';
import { FULL, stackWithIssuer } from './vault-stacks';

const json = stackWithIssuer(FULL, process.env.HE300_TEST_ISSUER!);
runCli(VAULT_INIT, ({ values }, out) =>
  vaultInit({ environment: FULL, json, values, variables: process.env }, out),
);
