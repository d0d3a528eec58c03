/** Suites that boot hosts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolMissing, type Tool } from '../../../ops/lib/tool';
import { describeWithTools, skipped } from '../skip';
import type { ToolName } from '../tools';
import { bootVm, type Vm, type VmOptions } from './boot';
import { sourcesList } from './debian';
import { vmImage } from './image';

const TOOLS = ['qemu-system-x86_64', 'mmdebstrap', 'debugfs'] as const;

/** Ignored by git. */
const LOGS = join(__dirname, '../../../.he300/vm');
const IMAGE_LIMIT_MS = 20 * 60_000;

export type Boot = (options: VmOptions) => Vm;

/** The hosts that `suite` boots are ended after its last test. What it needs is reported as skipped where it is lacking. */
export function describeWithVm<const N extends ToolName>(
  names: readonly N[],
  title: string,
  suite: (boot: Boot, tools: Readonly<Record<N, Tool>>) => void,
): void {
  const lacking = whyNotHere();
  if (lacking !== undefined) return skipped(title, lacking);
  describeWithTools([...TOOLS, ...names], title, (tools) => {
    const booted: Vm[] = [];
    // A suite may be the first that needs the image.
    beforeAll(() => void vmImage(tools.mmdebstrap.path), IMAGE_LIMIT_MS);
    afterAll(async () => {
      for (const vm of booted) {
        await vm.remove();
        keepLog(vm);
      }
    });
    suite((options) => {
      const vm = bootVm(tools['qemu-system-x86_64'].path, vmImage(tools.mmdebstrap.path), options);
      booted.push(vm);
      return vm;
    }, tools);
  });
}

/** For whoever has to find out what went wrong. */
function keepLog({ instanceId, console }: Vm): void {
  mkdirSync(LOGS, { recursive: true });
  writeFileSync(join(LOGS, `${instanceId}.log`), `${console.tail(console.lines.length)}\n`);
}

function whyNotHere(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make the image of a host';
  try {
    sourcesList();
    return undefined;
  } catch (error) {
    if (error instanceof ToolMissing) return error.message;
    throw error;
  }
}
