/** A host in its run, as far as its dashboard sees it: it reads its secrets once when it begins, and uses them until it ends. */
import { createHash } from 'node:crypto';
import { ARTIFACT_HEADERS, artifactPath } from '../../benchmark/src/contract/artifact';
import { VAULT_PATHS, HOST_API_KEYS } from '../../benchmark/src/contract/vault';
import type { GeneratedRun } from '../../dashboard/bench/generated-run';
import { letterOf, send } from './letters';
import type { RotationWorld } from './rotation-world';

export interface HostSecrets {
  readonly webhookKey?: string | undefined;
  readonly token?: string | undefined;
}

/** What Vault says now. */
export async function hostSecrets(world: RotationWorld): Promise<HostSecrets> {
  const [webhook, token] = await Promise.all(
    [VAULT_PATHS.webhookKey, VAULT_PATHS.apiKey(HOST_API_KEYS.dashboard)].map((path) => world.read(path)),
  );
  return { webhookKey: webhook?.['key'], token: token?.['api_key'] };
}

export class LiveHost {
  constructor(
    private readonly dashboardUrl: string,
    private readonly secrets: HostSecrets,
    private readonly run: GeneratedRun,
  ) {}

  /** Sends the first event of its run, whoever has heard it before. @returns the HTTP status */
  async deliver(): Promise<number> {
    const { webhookKey = '' } = this.secrets;
    return (await send({ url: this.dashboardUrl, webhookKey }, letterOf(this.run, 0))).status;
  }

  /** Sends the first file of its run. @returns the HTTP status */
  async upload(): Promise<number> {
    const { kind, name, contentType, body } = this.run.files[0]!;
    const digest = createHash('sha256').update(body).digest('base64');
    const response = await fetch(`${this.dashboardUrl}${artifactPath(this.run.runId, name)}`, {
      ...{ method: 'PUT', body },
      headers: {
        'content-type': contentType,
        [ARTIFACT_HEADERS.authorization]: `Bearer ${this.secrets.token}`,
        [ARTIFACT_HEADERS.digest]: `sha-256=:${digest}:`,
        [ARTIFACT_HEADERS.kind]: kind,
      },
    });
    await response.text();
    return response.status;
  }
}
