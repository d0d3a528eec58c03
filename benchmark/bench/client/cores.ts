/** Client and server on a core each, where the machine can do that. */
import { which } from '../../../ops/lib/tool';

export const CLIENT_CORE = 0;
export const SERVER_CORE = 1;

const taskset = which('taskset');

export const pinned = taskset !== undefined;

export const onCore = (core: number, argv: readonly string[]): readonly string[] =>
  taskset === undefined ? argv : [taskset, '-c', String(core), ...argv];
