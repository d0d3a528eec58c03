/** A bucket in memory, with S3's promises: an object is there whole or not at all, and of two who write a new one, one does. */
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { InputError } from '../../errors';
import { AwsError } from './client';
import type { Store } from './s3';

export class StoreDouble implements Store {
  readonly objects = new Map<string, Buffer>();
  /** While set, nobody reaches it. */
  gone = false;

  async put(key: string, body: Uint8Array | string): Promise<void> {
    await this.reached();
    this.objects.set(key, Buffer.from(body as Uint8Array));
  }

  async putNew(key: string, body: Uint8Array | string): Promise<boolean> {
    await this.reached();
    if (this.objects.has(key)) return false;
    this.objects.set(key, Buffer.from(body as Uint8Array));
    return true;
  }

  async get(key: string): Promise<Buffer | undefined> {
    await this.reached();
    return this.objects.get(key);
  }

  async list(prefix: string): Promise<string[]> {
    await this.reached();
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async download(key: string, sha256: string, path: string): Promise<void> {
    const bytes = await this.get(key);
    const found = bytes && hash('sha256', bytes);
    if (!bytes || found !== sha256) throw new InputError(`bucket: ${key} has SHA-256 ${found}`);
    writeFileSync(path, bytes);
  }

  private async reached(): Promise<void> {
    await Promise.resolve();
    if (this.gone) throw new AwsError('s3: fetch failed: ECONNREFUSED');
  }
}
