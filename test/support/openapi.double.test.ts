import { closed, faultsOf, operationOf, type OpenApi } from './openapi.double';

const get = { responses: {} };
const list = { responses: {} };
const api: OpenApi = {
  paths: { '/hosts/{id}': { get }, '/hosts/all': { get: list } },
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
          ports: {
            type: 'array',
            items: { type: 'integer', minimum: 1, maximum: 9 },
            minItems: 2,
            maxItems: 2,
          },
          created: { type: 'string', format: 'date-time' },
          network: { type: 'string', format: 'ipv4network', minLength: 1 },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
          place: { type: 'object', properties: { region: { type: 'string' } } },
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
  ['a number below', { id: 'a', tags: [], ports: [0, 9] }, '$.ports[0]: 0, below 1'],
  ['a number above', { id: 'a', tags: [], ports: [1, 10] }, '$.ports[1]: 10, above 9'],
  ['a short list', { id: 'a', tags: [], ports: [1] }, '$.ports: 1 items, below 2'],
  ['a long list', { id: 'a', tags: [], ports: [1, 2, 3] }, '$.ports: 3 items, above 2'],
  [
    'a time without zone',
    { id: 'a', tags: [], created: '2026-06-17T12:00:00' },
    /^\$\.created: .* no date-time$/,
  ],
  ['a short string', { id: 'a', tags: [], network: '' }, '$.network: shorter than 1'],
  ['five numbers', { id: 'a', tags: [], network: '1.2.3.4.5' }, "$.network: '1.2.3.4.5' is no ipv4network"],
  ['a number too high', { id: 'a', tags: [], network: '1.2.3.256/8' }, /no ipv4network$/],
  ['a mask too long', { id: 'a', tags: [], network: '1.2.3.4/33' }, /no ipv4network$/],
  [
    'a further property of a wrong type',
    { id: 'a', tags: [], labels: { a: 1 } },
    '$.labels.a: 1 is no string',
  ],
  ['a value of no form', { id: 'a', tags: [], kind: 'cpu' }, '$.kind: fits none of 2 forms'],
])('%s is a fault', (_title, value, fault) =>
  expect(faultsOf(api, host, value)).toEqual([
    typeof fault === 'string' ? fault : expect.stringMatching(fault),
  ]),
);

test('what a schema leaves open is a fault in what is sent', () => {
  const open = { id: 'a', tags: [], place: { regoin: 'x' } };
  expect(faultsOf(api, host, open)).toEqual([]);
  expect(faultsOf(closed(api), host, open)).toEqual(['$.place.regoin: no such property']);
});

test('a path finds its operation, by its own name before a template', () => {
  expect(operationOf(api, 'GET', '/hosts/7')).toBe(get);
  expect(operationOf(api, 'GET', '/hosts/all')).toBe(list);
  expect(operationOf(api, 'POST', '/hosts/7')).toBeUndefined();
  expect(operationOf(api, 'GET', '/hosts/7/disks')).toBeUndefined();
});

test('a reference to nothing is a fault', () => {
  expect(faultsOf(api, { $ref: '#/components/schemas/Ghost' }, 1)).toEqual([
    '$: no schema #/components/schemas/Ghost',
  ]);
});

const RIGHT = {
  ports: [1, 9],
  created: '2026-06-17T12:00:00.5+00:00',
  network: '10.0.0.255/32',
  labels: { a: 'b' },
};

test('what fits has none', () => {
  expect(faultsOf(api, host, { id: 'a', tags: [1], state: 'on', kind: true, ...RIGHT })).toEqual([]);
});
