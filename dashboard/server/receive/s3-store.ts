/** Artifacts in a bucket. An object is there when its upload is complete, and not before. */
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import type { ArtifactPlace } from '../config';
import { ArtifactGone, pathOfKey, type ArtifactStore, type ByteRange } from './artifact-store';

/** Of a part, and so of the memory that an upload takes. */
const PART_BYTES = 8 * 1024 * 1024;

export class S3Store implements ArtifactStore {
  private readonly client: S3Client;

  constructor(
    private readonly place: Pick<Extract<ArtifactPlace, { kind: 's3' }>, 'bucket' | 'prefix' | 'endpoint'>,
  ) {
    const { endpoint } = place;
    this.client = new S3Client(endpoint === undefined ? {} : { endpoint, forcePathStyle: true });
  }

  async put(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const params = { ...this.at(key), Body: Readable.from(body, { objectMode: false }) };
    await new Upload({ client: this.client, params, partSize: PART_BYTES, queueSize: 1 }).done();
  }

  async get(key: string, range?: ByteRange): Promise<Readable> {
    const bytes = range && { Range: `bytes=${range.first}-${range.last}` };
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ ...this.at(key), ...bytes }));
      return Body as Readable;
    } catch (error) {
      if (error instanceof NoSuchKey) throw new ArtifactGone(key);
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key)));
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}${pathOfKey(key)}` };
  }
}
