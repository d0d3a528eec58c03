import { loadEnvironment } from '../../environments';
import { devWithVaultServer } from '../../test/support/vault-servers';
import { vaultServerParts, vaultServerUsdPerMonth } from './prices';

test.each(['local', 'prod'])('somebody else’s Vault, or none, costs nothing: %s', (name) =>
  expect(vaultServerUsdPerMonth(loadEnvironment(name))).toBe(0),
);

test('730 hours of the VM and of its address, both disks, and a key', () => {
  const env = devWithVaultServer();
  // 730 × (0.0208 + 0.005) + (16 + 12) × 0.08 + 1
  expect(vaultServerUsdPerMonth(env)).toBeCloseTo(22.074, 3);
  expect(vaultServerParts(env).every(({ usdPerMonth }) => usdPerMonth > 0)).toBe(true);
});
