/** What Vault will refuse again is the fault of who set it up; what may pass is left to the phase's next attempt. */
import { InputError } from '../../../errors';
import { VaultError } from '../../../vault';

/** @param hint what a person can do about it, for the end of the line */
export function refusal(error: unknown, hint: string): unknown {
  if (!(error instanceof VaultError) || passes(error)) return error;
  return new InputError(`${error.message}; ${hint}`);
}

/** Vault's own question to STS may fail for a while, and it says so as if the login were at fault. */
const passes = ({ passes: itself, errors }: VaultError): boolean =>
  itself || errors.some((error) => error.startsWith('error making upstream request'));
