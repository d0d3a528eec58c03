import { allows, documentOf, type PolicyDocument, type Statement } from './iam';

const document = (...statements: readonly Partial<Statement>[]): PolicyDocument => ({
  Statement: statements.map((s) => ({ Sid: 'It', Effect: 'Allow', Action: ['a:Do'], Resource: ['*'], ...s })),
});
const request = { action: 'a:Do', resource: 'arn:aws:a:here:1:thing/x' };

describe('what must not be allowed', () => {
  test.each<[string, PolicyDocument, Parameters<typeof allows>[1]]>([
    ['nothing is said', document(), request],
    ['another action', document({ Action: ['a:Undo', 'b:*'] }), request],
    ['another resource', document({ Resource: ['arn:aws:a:here:1:thing/y*'] }), request],
    ['one statement allows and another denies', document({}, { Effect: 'Deny' }), request],
    [
      'a condition key that the request lacks',
      document({ Condition: { StringEquals: { k: 'v' } } }),
      request,
    ],
    [
      'one of two condition keys differs',
      document({ Condition: { StringEquals: { k: 'v', l: 'w' } } }),
      { ...request, context: { k: 'v', l: 'x' } },
    ],
    ['a key must be there and is not', document({ Condition: { Null: { k: 'false' } } }), request],
    [
      'StringEquals takes a star for a star',
      document({ Condition: { StringEquals: { k: '*' } } }),
      { ...request, context: { k: 'v' } },
    ],
    [
      'a wildcard does not reach across the parts of an ARN',
      document({ Condition: { ArnLike: { k: 'arn:aws:a:*:thing/x' } } }),
      { ...request, context: { k: 'arn:aws:a:here:1:thing/x' } },
    ],
    ['a policy variable without a value', document({ Resource: ['arn:aws:a:here:1:thing/${k}'] }), request],
    [
      'none of several values',
      document({ Condition: { 'ForAnyValue:StringEquals': { k: ['v'] } } }),
      { ...request, context: { k: ['u', 'w'] } },
    ],
  ])('%s', (_title, documents, asked) => expect(allows(documents, asked)).toBe(false));

  test('what the boundary does not allow too', () => {
    expect(allows([document({}), document({ Action: ['a:Undo'] })], request)).toBe(false);
  });
});

describe('what must be allowed', () => {
  test.each<[string, PolicyDocument, Parameters<typeof allows>[1]]>([
    ['an action in other letters', document({ Action: ['A:DO'] }), request],
    ['wildcards', document({ Action: ['a:*'], Resource: ['arn:aws:a:*:?:thing/*'] }), request],
    [
      'one of the values that a condition lists',
      document({ Condition: { StringEquals: { k: ['u', 'v'] } } }),
      { ...request, context: { k: 'v' } },
    ],
    ['a pattern', document({ Condition: { StringLike: { k: 'v*' } } }), { ...request, context: { k: 'vw' } }],
    [
      'an ARN with its policy variable filled in',
      document({ Condition: { ArnLike: { k: 'arn:aws:a:*:1:thing/${id}' } } }),
      { ...request, context: { id: 'x', k: 'arn:aws:a:here:1:thing/x' } },
    ],
    [
      'one of several values',
      document({ Condition: { 'ForAnyValue:StringEquals': { k: 'v' } } }),
      { ...request, context: { k: ['u', 'v'] } },
    ],
  ])('%s', (_title, documents, asked) => expect(allows(documents, asked)).toBe(true));
});

test('an operator that it does not know is an error, not an answer', () => {
  const unknown = document({ Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } } });
  expect(() => allows(unknown, request)).toThrow('unknown condition operator DateLessThan');
});

test('it reads what AWS will read: Terraform turns two dollars into one', () => {
  const attribute = JSON.stringify(document({ Resource: ['$${ec2:InstanceID}'] }));
  expect(documentOf(attribute).Statement[0]!.Resource).toEqual(['${ec2:InstanceID}']);
});
