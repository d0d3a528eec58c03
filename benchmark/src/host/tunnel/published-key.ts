/** What a host that made its key at its own boot says of its end of the tunnel, for the other ends to find. */
import * as z from 'zod';
import type { Store } from '../aws/s3';
import { tunnelAddressKey } from '../continuity/layout';
import type { PeerFacts } from './tunnel';

const published = z.object({
  publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  endpoint: z
    .string()
    .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/)
    .nullable(),
  hostId: z.string(),
});
export type PublishedKey = z.infer<typeof published>;

/** @param address of that end, in the tunnel */
export const publish = (store: Store, address: string, said: PublishedKey): Promise<void> =>
  store.put(tunnelAddressKey(address), `${JSON.stringify(said)}\n`, 'application/json');

/** @param endpoint where it is known to listen, whatever it says; null when only it can tell */
export async function publishedFacts(
  store: Store,
  address: string,
  endpoint: string | null,
): Promise<PeerFacts> {
  const text = await store.get(tunnelAddressKey(address));
  if (text === undefined) return { publicKeys: [], endpoint };
  const said = published.parse(JSON.parse(text.toString()));
  return { publicKeys: [said.publicKey], endpoint: endpoint ?? said.endpoint };
}
