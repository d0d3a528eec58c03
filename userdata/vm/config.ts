/** What each of our small VMs tells the cloud about itself, and where it fetches its program. */
export interface VmConfig {
  readonly homeRegion: string;
  readonly artifactBucket: string;
  /** @see ../fetch-bundle/fetch-bundle.ts */
  readonly bundle: { readonly key: string; readonly sha256: string };
  readonly logGroup: string;
}
