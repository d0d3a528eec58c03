/**
 * The instance metadata service of one host: tokens, role and facts are the emulator's own, which answers them only under
 * the service's name; what the emulator lacks (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html)
 * is answered here: which instance it is, and the notice of a spot interruption.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ImdsDoubleOptions {
  /** Of the emulator. */
  readonly endpoint: string;
  readonly instanceId: string;
  /** @default g5.xlarge */
  readonly instanceType?: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default - that of the emulator, where nobody is */
  readonly publicAddress?: string;
  /** When the instance was launched. @default - not told, as by the emulator */
  readonly launchedAt?: Date;
  /** Whose credentials the instance has. @default - what the emulator makes up, of which its STS does not know whose they are */
  readonly role?: ImdsRole;
  /** @default - the system chooses */
  readonly port?: number;
}

export interface ImdsRole {
  readonly name: string;
  readonly credentials: {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
    readonly SessionToken: string;
  };
}

export interface ImdsDouble {
  /** For `AWS_EC2_METADATA_SERVICE_ENDPOINT`. */
  readonly url: string;
  /** From now on the host is told that it goes in two minutes. */
  interrupt(): void;
  close(): Promise<void>;
}

export async function imdsDouble(options: ImdsDoubleOptions): Promise<ImdsDouble> {
  const {
    endpoint,
    instanceId,
    instanceType = 'g5.xlarge',
    region = 'us-east-1',
    publicAddress,
    launchedAt,
    role,
  } = options;
  let interruptedAt: Date | undefined;

  const own = (path: string): string | undefined => {
    if (role && path.startsWith(ROLE_PATH)) return roleAt(role, path.slice(ROLE_PATH.length));
    switch (path) {
      case '/latest/meta-data/instance-id':
        return instanceId;
      case '/latest/meta-data/instance-type':
        return instanceType;
      case '/latest/meta-data/placement/region':
        return region;
      case '/latest/meta-data/public-ipv4':
        return publicAddress;
      case '/latest/meta-data/spot/instance-action':
        return interruptedAt && JSON.stringify({ action: 'terminate', time: interruptedAt.toISOString() });
      case '/latest/dynamic/instance-identity/document':
        return launchedAt && JSON.stringify({ instanceId, instanceType, region, pendingTime: launchedAt });
      default:
        return undefined;
    }
  };
  const lacking = /^\/latest\/(meta-data\/spot\/|dynamic\/)/;

  const server = createServer((asked, response) => {
    const path = asked.url!;
    if (asked.method === 'GET' && asked.headers['x-aws-ec2-metadata-token'] === undefined) {
      response.writeHead(401).end();
      return;
    }
    const text = own(path);
    if (text !== undefined) response.end(text);
    else if (lacking.test(path)) response.writeHead(404).end();
    else forward(asked, response, endpoint);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    interrupt: () => void (interruptedAt = new Date(Date.now() + 120_000)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ROLE_PATH = '/latest/meta-data/iam/security-credentials/';
const DAY_MS = 86_400_000;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
function roleAt({ name, credentials }: ImdsRole, asked: string): string | undefined {
  if (asked === '') return name;
  if (asked !== name) return undefined;
  const { SessionToken: Token, ...keys } = credentials;
  const Expiration = new Date(Date.now() + DAY_MS).toISOString();
  return JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...keys, Token, Expiration });
}

function forward(asked: IncomingMessage, response: ServerResponse, endpoint: string): void {
  const { method, url, headers } = asked;
  const forwarded = request(
    new URL(url!, endpoint),
    { method, headers: { ...headers, host: '169.254.169.254' } },
    (answer) => {
      response.writeHead(answer.statusCode!);
      answer.pipe(response);
    },
  );
  forwarded.on('error', () => response.writeHead(502).end());
  asked.pipe(forwarded);
}
