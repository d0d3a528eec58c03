/** Which run a deploy continues. */
import { environmentOfRun } from '../constructs/naming/names';
import { EnvironmentError } from './check';

/**
 * The environment whose run `HE300_RESUME` names, with the run's id; undefined when the variable is unset or empty.
 * @param requested value of the variable
 * @param known names of the environments
 * @throws EnvironmentError when it is no id of a run of a known environment: a resume that is silently not one would
 *   pay for a whole new run
 */
export function resumeRequest(
  requested: string | undefined,
  known: readonly string[],
): { readonly environment: string; readonly runId: string } | undefined {
  if (!requested) return undefined;
  const environment = environmentOfRun(requested);
  if (environment && known.includes(environment)) return { environment, runId: requested };
  throw new EnvironmentError(
    `HE300_RESUME: '${requested}'; allowed: the id of a run, <environment>-<instance id>, of ${known.join(', ')}`,
  );
}
