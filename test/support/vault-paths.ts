/** Paths of a live Vault, by its own description of its API. */
import type { VaultServer } from './vault';

interface Operations {
  readonly 'x-vault-createSupported'?: boolean;
  readonly 'x-vault-unauthenticated'?: boolean;
}

export class VaultPaths {
  private constructor(private readonly operations: Readonly<Record<string, Operations>>) {}

  static async of(vault: VaultServer): Promise<VaultPaths> {
    // The one answer of Vault that is no JSON envelope.
    const response = await fetch(`${vault.address}/v1/sys/internal/specs/openapi`, {
      headers: { 'x-vault-token': vault.rootToken },
    });
    const { paths } = (await response.json()) as { readonly paths: Readonly<Record<string, Operations>> };
    return new VaultPaths(paths);
  }

  /** Whether Vault tells making something at that path from changing it. */
  makesApart(path: string): boolean {
    const matching = Object.keys(this.operations).filter((template) => patternOf(template).test(`/${path}`));
    // The one that says the most of the path itself.
    const [closest] = matching.sort((a, b) => literal(b) - literal(a));
    return closest !== undefined && this.operations[closest]?.['x-vault-createSupported'] === true;
  }

  /** One of every path that is not open to everybody, its parameters filled in with `name`. */
  all(name: string): readonly string[] {
    return Object.entries(this.operations)
      .filter(([, operations]) => operations['x-vault-unauthenticated'] !== true)
      .map(([template]) => template.slice(1).replaceAll(/\{\w+\}/g, name));
  }
}

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/[.+*?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '.+')}$`);

/** Characters of a template that are no parameter. */
const literal = (template: string): number => template.replaceAll(/\{\w+\}/g, '').length;
