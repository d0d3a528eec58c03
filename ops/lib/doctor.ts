/** Looks at every program outside npm that the project uses. */
import { moto } from './moto';
import { findProviderMirror } from './provider-mirror';
import { terraform, ToolMissing, toolOnPath, type Tool } from './tool';

export interface Finding {
  readonly name: string;
  /** What is used and where it is. */
  readonly found?: string;
  /** Why it is not there and how to get it. */
  readonly missing?: string;
}

/** Never throws for a missing program: each of them is optional for some part of the project. */
export function examine(): Finding[] {
  return [
    { name: 'node', found: `${process.versions.node} at ${process.execPath}` },
    program('terraform', terraform),
    providerMirror(),
    program('python3', () => toolOnPath('python3', ['--version'], '3.10', 'install Python 3.10 or newer')),
    program('moto', moto),
  ];
}

function program(name: string, resolve: () => Tool): Finding {
  try {
    const { version, path, how } = resolve();
    return { name, found: `${version} at ${path}${how === 'cache' ? ' (installed for this project)' : ''}` };
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    return { name, missing: `${error.reason}; ${error.remedy}` };
  }
}

function providerMirror(): Finding {
  const name = 'provider mirror';
  const mirror = findProviderMirror();
  return { name, found: mirror ?? 'none: Terraform downloads its providers from the registry' };
}
