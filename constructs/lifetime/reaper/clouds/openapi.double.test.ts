import { faultsOf, type OpenApi } from './openapi.double';

const api: OpenApi = {
  paths: {},
  components: {
    schemas: {
      Host: {
        type: 'object',
        required: ['id', 'tags'],
        additionalProperties: false,
        properties: {
          id: { type: 'string', maxLength: 4, pattern: '^[a-z]+$' },
          state: { enum: ['on', 'off'] },
          tags: { type: 'array', items: { type: 'integer' } },
          kind: { anyOf: [{ const: 'gpu' }, { type: 'boolean' }] },
        },
      },
    },
  },
};
const host = { $ref: '#/components/schemas/Host' };

test.each([
  ['a missing property', { id: 'a' }, '$.tags: is missing'],
  ['an unknown property', { id: 'a', tags: [], ip: 1 }, '$.ip: no such property'],
  ['a wrong type', { id: 1, tags: [] }, '$.id: 1 is no string'],
  ['a wrong item', { id: 'a', tags: [1, 1.5] }, '$.tags[1]: 1.5 is no integer'],
  ['a list for an object', [], '$: [] is no object'],
  ['a long string', { id: 'abcde', tags: [] }, '$.id: longer than 4'],
  ['a string of another form', { id: 'A', tags: [] }, "$.id: 'A' does not match ^[a-z]+$"],
  [
    'a value that is not listed',
    { id: 'a', tags: [], state: 'idle' },
    '$.state: "idle" is not one of ["on","off"]',
  ],
  ['a value of no form', { id: 'a', tags: [], kind: 'cpu' }, '$.kind: fits none of 2 forms'],
])('%s is a fault', (_title, value, fault) => expect(faultsOf(api, host, value)).toEqual([fault]));

test('a reference to nothing is a fault', () => {
  expect(faultsOf(api, { $ref: '#/components/schemas/Ghost' }, 1)).toEqual([
    '$: no schema #/components/schemas/Ghost',
  ]);
});

test('what fits has none', () => {
  expect(faultsOf(api, host, { id: 'a', tags: [1], state: 'on', kind: true })).toEqual([]);
});
