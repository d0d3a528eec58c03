/** Any value that an OpenAPI document allows, for properties of whoever reads it. */
import fc from 'fast-check';
import { namedSchema, type OpenApi, type Schema } from './openapi.double';

/** Values of a schema; a schema that nests itself is not among those that we read. */
export function arbitraryOf(api: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const named = namedSchema(api, schema);
  if (named) return arbitraryOf(api, named);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return fc.oneof(...either.map((one) => arbitraryOf(api, one)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const { minItems: minLength = 0, maxItems: maxLength = Math.max(minLength, 3) } = schema;
  switch (schema.type) {
    case 'array':
      return fc.array(arbitraryOf(api, schema.items ?? {}), { minLength, maxLength });
    case 'object':
      return objectOf(api, schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9 });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return schema.format === 'date-time' ? dateTimes : strings(schema);
    default:
      throw new Error(`no values for ${JSON.stringify(schema)}`);
  }
}

function objectOf(api: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const record = fc.record(
    Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, arbitraryOf(api, one)])),
    { requiredKeys: [...required] },
  );
  if (typeof additionalProperties !== 'object') return record;
  return fc.dictionary(fc.string(), arbitraryOf(api, additionalProperties), { maxKeys: 3 });
}

const dateTimes = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const strings = ({ pattern, minLength = 0, maxLength = minLength + 40 }: Schema): fc.Arbitrary<string> =>
  pattern
    ? fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength)
    : fc.string({ minLength, maxLength });
