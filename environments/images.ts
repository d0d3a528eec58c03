import { runnerHostOf } from './runner-host';
import type { Environment, Image } from './schema';

/** Every machine image of an environment's hosts, with the field that names it. */
export function imagesOf(
  env: Pick<Environment, 'gpu' | 'topology'>,
): readonly { readonly field: string; readonly image: Image }[] {
  const runner = runnerHostOf(env);
  return [
    { field: 'gpu.image', image: env.gpu.image },
    ...(runner ? [{ field: 'topology.runner.image', image: runner.image }] : []),
  ];
}
