/** Reads what Terraform leaves behind: the state (format 4) and the lock. */

export interface Lock {
  readonly id: string;
  /** `user@host`. */
  readonly who: string;
  /** Such as `OperationTypeApply`. */
  readonly operation: string;
  readonly created: Date;
}

export interface StateHosts {
  /** Ids of all `aws_instance` resources, tainted and deposed ones included: Terraform knows them. */
  readonly hostIds: ReadonlySet<string>;
  /** Those that a schedule in the same state will terminate. */
  readonly guardedIds: ReadonlySet<string>;
  /** `<type>/<id>` of everything that the state manages, such as `aws_iam_role/he300-dev-gpu-host`. */
  readonly managed: ReadonlySet<string>;
}

export const NO_HOSTS: StateHosts = { hostIds: new Set(), guardedIds: new Set(), managed: new Set() };

interface StateResource {
  readonly mode?: string;
  readonly type?: string;
  readonly instances?: readonly { readonly attributes?: Readonly<Record<string, unknown>> | null }[];
}

/**
 * Hosts of a state and which of them are guarded.
 * @throws Error in one line when the text is not a whole state of format 4; taking it for an empty one would make every
 *   host an orphan
 */
export function parseState(text: string): StateHosts {
  const { version, resources } = parseObject('Terraform state', text);
  if (version !== 4) throw new Error(`Terraform state has version ${JSON.stringify(version)}; allowed: 4`);
  if (!Array.isArray(resources)) throw new Error('Terraform state lists no resources; it is not whole');

  const ids = attributesOf(resources, 'aws_instance').flatMap(({ id }) =>
    typeof id === 'string' ? [id] : [],
  );
  const inputs = attributesOf(resources, 'aws_scheduler_schedule').flatMap(({ target }) =>
    targetInputs(target),
  );
  return {
    hostIds: new Set(ids),
    guardedIds: new Set(ids.filter((id) => inputs.some((input) => input.includes(JSON.stringify(id))))),
    managed: new Set(managedIds(resources)),
  };
}

/** @throws Error in one line when the text is not a lock */
export function parseLock(text: string): Lock {
  const { ID: id, Who: who, Operation: operation, Created } = parseObject('Terraform lock', text);
  const created = new Date(String(Created));
  if (typeof id !== 'string' || typeof who !== 'string' || Number.isNaN(created.getTime())) {
    throw new Error('Terraform lock lacks ID, Who or Created');
  }
  return { id, who, operation: String(operation), created };
}

function parseObject(what: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and a state may hold secrets.
    throw new Error(`${what} is not JSON (${text.length} characters)`);
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${what} is no JSON object`);
  return value as Record<string, unknown>;
}

function attributesOf(
  resources: readonly StateResource[],
  type: string,
): Readonly<Record<string, unknown>>[] {
  return resources
    .filter((resource) => resource.mode === 'managed' && resource.type === type)
    .flatMap(({ instances = [] }) => instances.map(({ attributes }) => attributes ?? {}));
}

function managedIds(resources: readonly StateResource[]): string[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ type, instances = [] }) => instances.map(({ attributes }) => [type, attributes?.id]))
    .flatMap(([type, id]) => (typeof id === 'string' ? [`${type}/${id}`] : []));
}

/** A block is a list in the state, also one that can only be there once. */
function targetInputs(target: unknown): string[] {
  if (!Array.isArray(target)) return [];
  return target.flatMap(({ input }: { input?: unknown }) => (typeof input === 'string' ? [input] : []));
}
