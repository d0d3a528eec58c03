/** How a host gets a token of Vault. */
import type { VaultAnswer, VaultAuth } from '../../../vault';

export interface Login {
  /** Whether the host can log in again when its token is lost. */
  readonly isRepeatable: boolean;
  /** @throws VaultError when another attempt may help, InputError when Vault refuses */
  logIn(): Promise<VaultAuth>;
  /** The token is given back: what was kept of it is removed. @throws Error when the disk refuses */
  forget(): void;
}

/** @throws Error when the answer brings no token */
export function authOf({ auth }: VaultAnswer): VaultAuth {
  if (!auth) throw new Error('vault: the login brought no token');
  return auth;
}
