/** Suites that need something which may be absent. What cannot run is reported as skipped, with the reason in its title. */
import { ToolMissing, type Tool } from '../../ops/lib/tool';
import { sharedData } from './data';
import { tool, type ToolName } from './tools';

export function describeWithTools<const N extends ToolName>(
  names: readonly N[],
  title: string,
  suite: (tools: Readonly<Record<N, Tool>>) => void,
): void {
  try {
    const found = names.map((name) => [name, tool(name)] as const);
    describe(title, () => suite(Object.fromEntries(found) as Record<N, Tool>));
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    skipped(title, error.message);
  }
}

export function describeWithSharedData(title: string, suite: (path: string) => void): void {
  const data = sharedData();
  if ('path' in data) describe(title, () => suite(data.path));
  else skipped(title, data.missing);
}

/** Registers one skipped test that carries the reason. */
export function skipped(title: string, reason: string): void {
  test.skip(`${title} [skipped: ${reason}]`, () => undefined);
}
