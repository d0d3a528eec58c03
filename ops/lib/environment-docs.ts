/** Renders what an environment may say, from the one schema that checks it. */
import { z } from 'zod';
import { environmentFields } from '../../environments/schema';

type Schema = z.core.JSONSchema.BaseSchema;

interface Row {
  readonly field: string;
  readonly required: boolean;
  readonly allowed: string;
  readonly description: string;
}

/**
 * The text of `docs/environments.md`.
 * @throws Error when a field has no description
 */
export function environmentDocs(): string {
  const schema = z.toJSONSchema(environmentFields, { io: 'input', unrepresentable: 'any' });
  const rows = fieldsOf(schema, '').map(
    ({ field, required, allowed, description }) =>
      `| \`${field}\` | ${required ? 'yes' : 'no'} | ${allowed} | ${escape(description)} |`,
  );
  return [
    '# Environments',
    '',
    '<!-- Written by `npm run docs` from environments/schema.ts. Edit that file. -->',
    '',
    'An environment is one typed object in `environments/<name>.ts`. Every field is written out; a wrong value fails `cdktf synth`',
    'in one line with the file, the field, the value and what is allowed. `[]` stands for each item of a list, `*` for each key.',
    '',
    '| field | required | allowed | what it says |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function fieldsOf(schema: Schema, prefix: string): Row[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) =>
    field(value as Schema, prefix ? `${prefix}.${name}` : name, required.has(name)),
  );
}

function field(schema: Schema, path: string, required: boolean): Row[] {
  const own: Row = { field: path, required, allowed: allowed(schema), description: schema.description ?? '' };
  const nested = inside(schema, path);
  if (own.description) return [own, ...nested];
  // A mere group of fields says nothing that its fields do not say.
  if (nested.length === 0) throw new Error(`environments/schema.ts: ${path}: not described`);
  return nested;
}

function inside(schema: Schema, path: string): Row[] {
  const items = schema.items as Schema | undefined;
  const values = schema.additionalProperties as Schema | boolean | undefined;
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])] as Schema[];
  return [
    ...fieldsOf(schema, path),
    ...(items ? inside(items, `${path}[]`) : []),
    ...(typeof values === 'object' ? inside(values, `${path}.*`) : []),
    ...variants.flatMap((variant) => ofVariant(variant, path)),
  ];
}

/** Fields that tell the variants of a union apart. */
const DISCRIMINATORS = ['kind', 'tier'];

/** What tells a variant from the others is said once, by the field that holds the variants. */
function ofVariant(variant: Schema, path: string): Row[] {
  const kind = kindOf(variant);
  if (!kind) return fieldsOf(variant, path);
  const properties = Object.fromEntries(
    Object.entries(variant.properties ?? {}).filter(([name]) => !DISCRIMINATORS.includes(name)),
  );
  return fieldsOf({ ...variant, properties }, `${path}(${kind})`);
}

const kindOf = ({ properties = {} }: Schema): string | undefined =>
  DISCRIMINATORS.map((name) => (properties[name] as Schema | undefined)?.const as string | undefined).find(
    Boolean,
  );

function allowed(schema: Schema): string {
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])] as Schema[];
  if (variants.length > 0)
    return [...new Set(variants.map((v) => (kindOf(v) ? `\`${kindOf(v)}\`` : allowed(v))))].join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const low = schema.minimum ?? (schema.exclusiveMinimum as number | undefined);
  const high = schema.maximum;
  // The largest safe integer is zod's way to say that nothing bounds it.
  const upTo = high !== undefined && high < Number.MAX_SAFE_INTEGER ? `at most ${high}` : '';
  const from =
    low !== undefined && low > -Number.MAX_SAFE_INTEGER
      ? `${schema.minimum === undefined ? 'more than' : 'at least'} ${low}`
      : '';
  return [String(schema.type ?? 'text'), [from, upTo].filter(Boolean).join(', ')].filter(Boolean).join(': ');
}

const escape = (text: string): string => text.replaceAll('|', '\\|');
