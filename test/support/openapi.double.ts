/** Checks JSON against the schemas of an OpenAPI document: the keywords that the Lambda Cloud document uses, no more. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export const jsonSchemaOf = (part: Content | undefined): Schema | undefined =>
  part?.content?.['application/json']?.schema;

/** The schema itself, or the one that it refers to. */
export const namedSchema = (api: OpenApi, { $ref }: Schema): Schema | undefined =>
  api.components.schemas[$ref?.replace('#/components/schemas/', '') ?? ''];

/** The operation of `METHOD /path`, whose path may fill in a template such as `/hosts/{id}`. */
export function operationOf(api: OpenApi, method: string, path: string): Operation | undefined {
  const fits = (template: string): boolean =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const template = path in api.paths ? path : Object.keys(api.paths).find(fits);
  return template === undefined ? undefined : api.paths[template]?.[method.toLowerCase()];
}

/** The same schema, closed to properties that it does not name: what we send should be there for a reason. */
export function closed(api: OpenApi): OpenApi {
  const close = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(close);
    if (!isRecord(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, close(one)]));
    return isRecord(value.properties) ? { additionalProperties: false, ...inner } : inner;
  };
  return close(api) as OpenApi;
}

/** Every fault of `value`, as `path: what is wrong`. */
export function faultsOf(api: OpenApi, schema: Schema, value: unknown, path = '$'): string[] {
  if (schema.$ref) {
    const named = namedSchema(api, schema);
    if (!named) return [`${path}: no schema ${schema.$ref}`];
    return faultsOf(api, named, value, path);
  }
  const either = schema.anyOf ?? schema.oneOf;
  if (either && !either.some((one) => faultsOf(api, one, value, path).length === 0))
    return [`${path}: fits none of ${either.length} forms`];
  if (schema.enum && !schema.enum.includes(value))
    return [`${path}: ${JSON.stringify(value)} is not one of ${JSON.stringify(schema.enum)}`];
  if (schema.const !== undefined && schema.const !== value)
    return [`${path}: ${JSON.stringify(value)} is not ${JSON.stringify(schema.const)}`];
  if (schema.type && !hasType(schema.type, value))
    return [`${path}: ${JSON.stringify(value)} is no ${schema.type}`];
  if (typeof value === 'string') return stringFaults(schema, value, path);
  if (typeof value === 'number')
    return sizeFaults(value, schema.minimum, schema.maximum, path, String(value));
  if (Array.isArray(value)) return listFaults(api, schema, value, path);
  return isRecord(value) ? recordFaults(api, schema, value, path) : [];
}

function recordFaults(api: OpenApi, schema: Schema, value: Record<string, unknown>, path: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  return [
    ...required.filter((key) => !(key in value)).map((key) => `${path}.${key}: is missing`),
    ...Object.entries(value).flatMap(([key, item]) => {
      const property = properties[key];
      const described =
        property ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      if (described) return faultsOf(api, described, item, `${path}.${key}`);
      return additionalProperties === false ? [`${path}.${key}: no such property`] : [];
    }),
  ];
}

function listFaults(api: OpenApi, schema: Schema, value: readonly unknown[], path: string): string[] {
  const { items, minItems, maxItems } = schema;
  return [
    ...sizeFaults(value.length, minItems, maxItems, path, `${value.length} items`),
    ...value.flatMap((item, i) => (items ? faultsOf(api, items, item, `${path}[${i}]`) : [])),
  ];
}

function sizeFaults(size: number, min = -Infinity, max = Infinity, path: string, what: string): string[] {
  if (size < min) return [`${path}: ${what}, below ${min}`];
  return size > max ? [`${path}: ${what}, above ${max}`] : [];
}

/** Formats that the document demands; it also has `password`, which demands nothing. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  ipv4network: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\/|$)|(?=\/|$))){4}(?:\/(?:3[0-2]|[12]?\d))?$/,
};

function stringFaults(schema: Schema, value: string, path: string): string[] {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  if (value.length < minLength) return [`${path}: shorter than ${minLength}`];
  if (value.length > maxLength) return [`${path}: longer than ${maxLength}`];
  if (pattern && !new RegExp(pattern).test(value)) return [`${path}: '${value}' does not match ${pattern}`];
  const known = format === undefined ? undefined : FORMATS[format];
  return known && !known.test(value) ? [`${path}: '${value}' is no ${format}`] : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
