/** Where the bytes of artifacts are kept: a directory or a bucket. What is known of them stands in the database. */
import type { Readable } from 'node:stream';
import type { ArtifactPlace } from '../config';
import { DirectoryStore } from './directory-store';
import { S3Store } from './s3-store';

export interface ArtifactStore {
  /** Whole, durable and under its key when it resolves; when it or the body throws, nothing is there. */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** @throws ArtifactGone when there is nothing under the key */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /** Nothing there is no error. */
  remove(key: string): Promise<void>;
}

/** Both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export class ArtifactGone extends Error {}

export interface ArtifactIdentity {
  readonly runId: string;
  readonly name: string;
  readonly sha256: string;
}

/** The digest is part of it, so that two uploads of other bytes under one name never write over one another. */
export const artifactKey = ({ runId, name, sha256 }: ArtifactIdentity): string =>
  `runs/${runId}/${name}/${sha256}`;

/** Path below the place. @throws Error for a key that no artifact has: nothing may lead out of the place */
export function pathOfKey(key: string): string {
  const parts = key.split('/');
  if (!parts.every((part) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part)))
    throw new Error(`artifact key ${JSON.stringify(key)} is not one of ours`);
  return parts.join('/');
}

export const openArtifactStore = (place: ArtifactPlace): ArtifactStore =>
  place.kind === 'directory' ? new DirectoryStore(place.path) : new S3Store(place);
