/** Policies of Vault as typed values, written as HCL: the text that a reviewer and `vault policy read` see. */

export type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'sudo';

export interface Grant {
  /** Below `/v1/`; `*` at the end stands for whatever follows. */
  readonly path: string;
  readonly capabilities: readonly Capability[];
  /** The answer is given only wrapped, for so many seconds. @default - wrapped or not, as the client asks */
  readonly wrapped?: { readonly minSeconds: number; readonly maxSeconds: number };
}

export const grant = (path: string, ...capabilities: readonly Capability[]): Grant => ({
  path,
  capabilities,
});

/** @throws Error for a path that stands there twice: Vault would join the two, and a reader would see one */
export function policyText(grants: readonly Grant[]): string {
  const twice = grants.find(({ path }, index) => grants.findIndex((other) => other.path === path) < index);
  if (twice) throw new Error(`vault policy: ${twice.path} stands there twice`);
  return grants.map(stanza).join('\n');
}

function stanza({ path, capabilities, wrapped }: Grant): string {
  const lines = [
    `capabilities = [${capabilities.map((capability) => `"${capability}"`).join(', ')}]`,
    ...(wrapped
      ? [`min_wrapping_ttl = "${wrapped.minSeconds}s"`, `max_wrapping_ttl = "${wrapped.maxSeconds}s"`]
      : []),
  ];
  return `path ${JSON.stringify(path)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}
