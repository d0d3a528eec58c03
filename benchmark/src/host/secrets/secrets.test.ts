import { exampleHostConfig } from '../../contract/examples';
import { Secret } from '../log/secret';
import { readHostSecrets, type SecretsSource } from './secrets';

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const { dashboardUrl } = exampleHostConfig;
const outbound = { kind: 'outbound' } as const;
const tailscale = { kind: 'tailscale', tag: 'tag:he300-gpu' } as const;

const source = (values: Readonly<Record<string, string>>): SecretsSource => ({
  read: (names) =>
    Promise.resolve(
      new Map(names.filter((name) => name in values).map((name) => [name, new Secret(values[name]!)])),
    ),
  placeOf: (name) => `/he300/dev/host/${name}`,
  end: () => Promise.resolve(),
});

test.each([
  [
    {},
    dashboardUrl,
    outbound,
    'secrets: no webhook-key at /he300/dev/host/webhook-key; the dashboard takes no event without it',
  ],
  [
    { 'webhook-key': 'whsec_c2hvcnQ=' },
    dashboardUrl,
    outbound,
    'secrets: webhook-key is no key; allowed: whsec_ and base64 of 24 to 64 bytes',
  ],
  [
    {},
    null,
    tailscale,
    'secrets: no tailscale-auth-key at /he300/dev/host/tailscale-auth-key; the tailnet takes no host without it',
  ],
])('what the host cannot do without is missed: %#', async (values, url, network, message) => {
  await expect(readHostSecrets(source(values), { dashboardUrl: url, network })).rejects.toThrow(message);
});

test('a host without a dashboard needs no secret', async () => {
  expect(await readHostSecrets(source({}), { dashboardUrl: null, network: outbound })).toEqual({
    ...{ webhookKey: null, dashboardToken: null, modelApiKey: null, tailscaleAuthKey: null },
  });
});

test('what is there is read', async () => {
  const found = await readHostSecrets(
    source({
      'webhook-key': KEY,
      'dashboard-token': 'token',
      'model-api-key': 'key',
      'tailscale-auth-key': 'k',
    }),
    { dashboardUrl, network: tailscale },
  );
  expect(Object.values(found).map((secret) => (secret as Secret).reveal())).toEqual([
    KEY,
    'token',
    'key',
    'k',
  ]);
});
