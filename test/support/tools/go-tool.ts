/** Programs built from their Go modules, each from a go.mod of its own, once into the per-user cache. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from '../../../ops/lib/cache';
import { ToolMissing, which, type Tool } from '../../../ops/lib/tool';

export interface GoRecipe {
  readonly name: string;
  readonly module: string;
  /** Exact version without the leading `v`. */
  readonly version: string;
  /** Import path of the main package, where it is not the module itself. */
  readonly package?: string;
  /** `old => new version` lines that the module cannot be built without. */
  readonly replace?: string;
  /** How long a person will wait. */
  readonly duration: string;
}

/** @throws ToolMissing when there is no Go, or the build fails */
export function goTool(recipe: GoRecipe): Tool {
  const { name, version } = recipe;
  const remedy = `put ${name} ${version} or newer on PATH`;
  const go = which('go');
  if (!go) throw new ToolMissing(name, 'not on PATH, and no go to build it with', `${remedy}, or install Go`);
  const main = recipe.package ?? recipe.module;
  const dir = buildOnce(`${name}-${version}`, name, (target) => {
    process.stderr.write(`building ${name} ${version} into ${target} (once, ${recipe.duration})\n`);
    writeFileSync(join(target, 'go.mod'), goMod(recipe, main));
    // -mod=mod lets the build itself write down the indirect requirements and their checksums.
    const { status, stderr } = spawnSync(go, ['build', '-mod=mod', '-buildvcs=false', '-o', name, main], {
      cwd: target,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0)
      throw new ToolMissing(name, `go build failed: ${stderr.trim().split('\n').at(-1)}`, remedy);
  });
  return { path: join(dir, name), version, how: 'cache' };
}

function goMod({ module, version, replace }: GoRecipe, main: string): string {
  const lines = ['module he300-tool', 'go 1.24', `tool ${main}`, `require ${module} v${version}`];
  return [...lines, ...(replace ? [`replace ${replace}`] : []), ''].join('\n');
}
