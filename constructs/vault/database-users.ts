import { DatabaseSecretBackendConnection } from '@cdktf/provider-vault/lib/database-secret-backend-connection';
import { DatabaseSecretBackendRole } from '@cdktf/provider-vault/lib/database-secret-backend-role';
import { Mount } from '@cdktf/provider-vault/lib/mount';
import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import type { VaultSecrets } from '../../environments/schema';
import { namesOf, VAULT_MOUNTS } from '../naming/names';
import type { PolicyScope } from './policies';
import { creationStatements, revocationStatements } from './postgres-statements';

/** For itself; whoever has a user connects with it as often as he likes. */
const CONNECTIONS = 2;
const TTL_HOURS = 1;
const MAX_TTL_HOURS = 24;

type Database = NonNullable<VaultSecrets['database']>;

/** Users of Postgres that Vault makes for whoever asks, and drops when their time is over. */
export class DatabaseUsers extends Construct {
  constructor(scope: Construct, id: string, props: PolicyScope) {
    super(scope, id);
    const { database, shared } = props.secrets;
    const mount = shared === 'create' ? this.engine() : VAULT_MOUNTS.database;
    if (database) this.users(props, database, mount);
  }

  private engine(): string {
    return new Mount(this, 'engine', {
      path: VAULT_MOUNTS.database,
      type: 'database',
      description: 'Short-lived users of databases',
    }).path;
  }

  private users({ environment }: PolicyScope, database: Database, mount: string): void {
    const { databaseConnection, databaseRole } = namesOf(environment).vault;
    const connection = new DatabaseSecretBackendConnection(this, 'connection', {
      backend: mount,
      name: databaseConnection,
      allowedRoles: [databaseRole],
      // A database that is away for a moment does not fail a deploy.
      verifyConnection: false,
      postgresql: {
        connectionUrl: connectionUrl(database),
        maxOpenConnections: CONNECTIONS,
        ...(database.caCertificates === undefined ? {} : { tlsCa: database.caCertificates }),
        username: database.adminUsername,
        passwordWo: this.adminPassword(),
        passwordWoVersion: database.adminPasswordVersion ?? 1,
        // Postgres gets a verifier instead of the password, so that its log cannot hold one.
        passwordAuthentication: 'scram-sha-256',
      },
    });
    new DatabaseSecretBackendRole(this, 'role', {
      backend: mount,
      name: databaseRole,
      dbName: connection.name,
      creationStatements: creationStatements(database),
      revocationStatements: revocationStatements(database),
      defaultTtl: TTL_HOURS * 3600,
      maxTtl: MAX_TTL_HOURS * 3600,
    });
  }

  /** Goes through Terraform into Vault, and stands neither in a plan nor in a state. */
  private adminPassword(): string {
    const variable = new TerraformVariable(this, 'admin-password', {
      type: 'string',
      description: 'Password of the user as which Vault makes and drops the others',
      sensitive: true,
      nullable: false,
    });
    // cdktf 0.21 knows Terraform 1.9's arguments; ephemeral variables came with 1.10.
    variable.addOverride('ephemeral', true);
    variable.overrideLogicalId('postgres_admin_password');
    return variable.stringValue;
  }
}

/** With Vault's own placeholders. */
const connectionUrl = ({ host, port, name, tls }: Database): string =>
  `postgresql://{{username}}:{{password}}@${host}:${port}/${name}?sslmode=${tls}`;
