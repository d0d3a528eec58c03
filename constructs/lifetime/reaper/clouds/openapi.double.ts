/** Checks JSON against the schemas of an OpenAPI document: the keywords that the Lambda Cloud document uses, no more. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly maxLength?: number;
  readonly pattern?: string;
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

/** Every fault of `value`, as `path: what is wrong`. */
export function faultsOf(api: OpenApi, schema: Schema, value: unknown, path = '$'): string[] {
  if (schema.$ref) {
    const named = api.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
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
  if (Array.isArray(value))
    return value.flatMap((item, i) =>
      schema.items ? faultsOf(api, schema.items, item, `${path}[${i}]`) : [],
    );
  return isRecord(value) ? recordFaults(api, schema, value, path) : [];
}

function recordFaults(api: OpenApi, schema: Schema, value: Record<string, unknown>, path: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  return [
    ...required.filter((key) => !(key in value)).map((key) => `${path}.${key}: is missing`),
    ...Object.entries(value).flatMap(([key, item]) => {
      const property = properties[key];
      if (property) return faultsOf(api, property, item, `${path}.${key}`);
      return additionalProperties === false ? [`${path}.${key}: no such property`] : [];
    }),
  ];
}

function stringFaults({ maxLength = Infinity, pattern }: Schema, value: string, path: string): string[] {
  if (value.length > maxLength) return [`${path}: longer than ${maxLength}`];
  return pattern && !new RegExp(pattern).test(value) ? [`${path}: '${value}' does not match ${pattern}`] : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
