import { loadEnvironment } from '../environments';
import { runCli } from './lib/cli';
import { VAULT_INIT, vaultInit } from './lib/vault/command';
import { synthesizedVaultStack } from './lib/vault/synthesized';

runCli(VAULT_INIT, ({ values, positionals: [name] }, out) => {
  const environment = loadEnvironment(name!);
  return vaultInit(
    { environment, json: synthesizedVaultStack(environment), values, variables: process.env },
    out,
  );
});
