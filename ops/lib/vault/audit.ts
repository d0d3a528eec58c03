/** The audit device of a Vault's first hour: there before anything else, gone once the stack has made its own. */
import { AUDIT_DEVICE, FIRST_AUDIT_DEVICE } from '../../../constructs/vault/audit-device';
import type { Access } from './live-object';

const AT_FIRST = `sys/audit/${FIRST_AUDIT_DEVICE}`;

/**
 * Terraform does not take over a device that is there, so the first one stands beside the stack's.
 * @returns what was done, undefined when it was nothing
 * @throws VaultError
 */
export async function settleAudit({ client, token }: Access): Promise<'made' | 'removed' | undefined> {
  const { data: devices } = await client.send({ method: 'GET', path: 'sys/audit', token });
  if (`${AUDIT_DEVICE}/` in devices) {
    if (!(`${FIRST_AUDIT_DEVICE}/` in devices)) return undefined;
    await client.send({ method: 'DELETE', path: AT_FIRST, token });
    return 'removed';
  }
  if (Object.keys(devices).length > 0) return undefined;
  const body = {
    type: 'file',
    description: 'Until the stack has made its own',
    options: { file_path: 'stdout' },
  };
  await client.send({ method: 'POST', path: AT_FIRST, body, token });
  return 'made';
}
