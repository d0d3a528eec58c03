/** The few calls of S3 that a host needs, on one bucket. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { InputError } from '../../errors';
import { AwsError, type AwsClient, type AwsRequest } from './client';

/** Where the host keeps what must outlive it. */
export interface Store {
  /** Keeps the bytes; whoever reads sees the old ones or the new ones. @throws AwsError */
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** As `put`, unless something stands there: false then. */
  putNew(key: string, body: Uint8Array | string, contentType: string): Promise<boolean>;
  /** Undefined when there is none. */
  get(key: string): Promise<Buffer | undefined>;
  /** Keys with this prefix, ascending. */
  list(prefix: string): Promise<string[]>;
  /** Puts an object into a file, whose SHA-256 must be this. @throws InputError when it is not, or there is none */
  download(key: string, sha256: string, path: string): Promise<void>;
}

/** For a whole model, at some 10 MB/s. */
const DOWNLOAD_LIMIT_MS = 3_600_000;

export class S3Bucket implements Store {
  constructor(
    private readonly client: AwsClient,
    private readonly bucket: string,
    private readonly region: string,
  ) {}

  async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    await this.putWith(key, body, contentType, {}, []);
  }

  async putNew(key: string, body: Uint8Array | string, contentType: string): Promise<boolean> {
    const { status } = await this.putWith(key, body, contentType, { 'if-none-match': '*' }, [409, 412]);
    return status === 200;
  }

  async get(key: string): Promise<Buffer | undefined> {
    const response = await this.send({ method: 'GET', url: this.url(key), also: [404] });
    if (response.status === 200) return Buffer.from(await response.arrayBuffer());
    const text = await response.text();
    // A bucket that is not there is another matter than an object that is not there.
    if (text.includes('<Code>NoSuchBucket</Code>'))
      throw new AwsError(`s3: no bucket ${this.bucket}`, 404, 'NoSuchBucket');
    return undefined;
  }

  async list(prefix: string, mostPerPage = 1_000): Promise<string[]> {
    const keys: string[] = [];
    for (let token: string | undefined; ;) {
      const url = this.url('');
      url.searchParams.set('list-type', '2');
      url.searchParams.set('prefix', prefix);
      url.searchParams.set('max-keys', String(mostPerPage));
      // Percent-encoded keys need no XML parser.
      url.searchParams.set('encoding-type', 'url');
      if (token !== undefined) url.searchParams.set('continuation-token', token);
      const text = await (await this.send({ method: 'GET', url })).text();
      for (const [, key] of text.matchAll(/<Key>([^<]*)<\/Key>/g)) keys.push(decoded(key!));
      token = /<NextContinuationToken>([^<]+)</.exec(text)?.[1];
      if (token === undefined) return keys;
    }
  }

  async download(key: string, sha256: string, path: string): Promise<void> {
    const { body, status } = await this.send({
      ...{ method: 'GET', url: this.url(key) },
      ...{ timeLimitMs: DOWNLOAD_LIMIT_MS, also: [404] },
    });
    if (status === 404 || body === null)
      throw new InputError(`bucket: no ${key} in ${this.bucket}; publish it first`);
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    const partial = `${path}.part`;
    try {
      await pipeline(
        Readable.fromWeb(body as ReadableStream),
        hashed,
        createWriteStream(partial, { flush: true }),
      );
      const found = hash.digest('hex');
      if (found !== sha256) throw new InputError(`bucket: ${key} has SHA-256 ${found}; allowed: ${sha256}`);
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  }

  private putWith(
    key: string,
    body: Uint8Array | string,
    contentType: string,
    headers: Readonly<Record<string, string>>,
    also: readonly number[],
  ): Promise<Response> {
    // S3 compares the checksum, and keeps it with the object.
    const checksum = createHash('sha256').update(body).digest('base64');
    return this.send({
      ...{ method: 'PUT', url: this.url(key), body, also },
      headers: { 'content-type': contentType, 'x-amz-checksum-sha256': checksum, ...headers },
    });
  }

  private send(request: Omit<AwsRequest, 'service' | 'region'>): Promise<Response> {
    return this.client.send({ ...request, service: 's3', region: this.region });
  }

  private url(key: string): URL {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const { endpoint } = this.client;
    return endpoint === undefined
      ? new URL(`https://${this.bucket}.s3.${this.region}.amazonaws.com/${path}`)
      : new URL(`${endpoint.replace(/\/+$/, '')}/${this.bucket}/${path}`);
  }
}

/** As `encoding-type=url` writes it: a form's encoding. */
const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
