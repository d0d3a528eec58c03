import { AuthBackend } from '@cdktf/provider-vault/lib/auth-backend';
import { KubernetesAuthBackendConfig } from '@cdktf/provider-vault/lib/kubernetes-auth-backend-config';
import { KubernetesAuthBackendRole } from '@cdktf/provider-vault/lib/kubernetes-auth-backend-role';
import { Construct } from 'constructs';
import type { Environment, VaultSecrets } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { dashboardToken } from './tokens';

export interface KubernetesLoginProps {
  readonly environment: Environment;
  readonly kubernetes: NonNullable<VaultSecrets['kubernetes']>;
}

/** A dashboard in Kubernetes logs in with the token of its service account. The method is the environment's: it knows one cluster. */
export class KubernetesLogin extends Construct {
  constructor(scope: Construct, id: string, { environment: env, kubernetes }: KubernetesLoginProps) {
    super(scope, id);
    const { host, caCertificates, audience, serviceAccount, namespace } = kubernetes;
    const names = namesOf(env).vault;
    const { path } = new AuthBackend(this, 'method', {
      path: names.kubernetesMount,
      type: 'kubernetes',
      description: 'Service accounts of a cluster',
    });
    new KubernetesAuthBackendConfig(this, 'config', {
      backend: path,
      kubernetesHost: host,
      ...(caCertificates === undefined ? {} : { kubernetesCaCert: caCertificates }),
      // The server stands in no cluster. Without a token of a reviewer, which would be one more secret, it asks with
      // the token that it is to judge: the service account needs `system:auth-delegator`.
      disableLocalCaJwt: true,
      // The cluster judges it whole. Terraform's provider would have Vault look for an issuer that clusters had once.
      disableIssValidation: true,
    });
    new KubernetesAuthBackendRole(this, 'dashboard', {
      backend: path,
      roleName: names.role('dashboard'),
      audience,
      boundServiceAccountNames: [serviceAccount],
      boundServiceAccountNamespaces: [namespace],
      ...dashboardToken(env),
    });
  }
}
