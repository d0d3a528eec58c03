/** Secrets as SecureString parameters of SSM, read with the credentials of the instance's role. */
import type { AwsClient } from '../aws/client';
import { getParameters } from '../aws/ssm';
import type { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import type { SecretsSource } from './secrets';

export interface SsmSourceOptions {
  readonly client: AwsClient;
  readonly redactor: Redactor;
  readonly region: string;
  /** Each parameter is `<parameterPath>/<name>`. */
  readonly parameterPath: string;
}

export class SsmSource implements SecretsSource {
  constructor(private readonly options: SsmSourceOptions) {}

  placeOf(name: string): string {
    return `${this.options.parameterPath}/${name}`;
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, Secret>> {
    const { client, redactor, region } = this.options;
    const paths = names.map((name) => this.placeOf(name));
    const values = await getParameters(client, region, paths);
    return new Map(
      names.flatMap((name, i) => {
        const value = values.get(paths[i]!);
        return value === undefined ? [] : [[name, redactor.know(new Secret(value))] as const];
      }),
    );
  }

  /** The instance's role ends with the instance. */
  end(): Promise<void> {
    return Promise.resolve();
  }
}
