import { ApiError, CSRF_HEADER, getJson, rememberCsrfToken, sendJson, withQuery } from './api';

const fetched = jest.spyOn(globalThis, 'fetch');
afterEach(() => {
  fetched.mockReset();
  rememberCsrfToken(null);
});

test('a path takes only parameters that have a value', () => {
  expect(withQuery('/api/runs', { q: '', seed: 0, cursor: null, spec: undefined, branch: 'a&b' })).toBe(
    '/api/runs?seed=0&branch=a%26b',
  );
  expect(withQuery('/api/runs', {})).toBe('/api/runs');
});

test('a refusal is told in the server’s own words', async () => {
  fetched.mockResolvedValue(Response.json({ error: 'limit: 0; allowed: 1 to 200' }, { status: 400 }));
  await expect(getJson('/api/runs')).rejects.toMatchObject({
    status: 400,
    message: 'limit: 0; allowed: 1 to 200',
  });
});

test('an answer that is no JSON is told by its status', async () => {
  fetched.mockResolvedValue(new Response('<h1>', { status: 502, statusText: 'Bad Gateway' }));
  await expect(getJson('/api/runs')).rejects.toThrow('the server answered 502 Bad Gateway');
});

test('a server that is not there is an error of its own', async () => {
  fetched.mockRejectedValue(new TypeError('fetch failed'));
  await expect(getJson('/api/runs')).rejects.toEqual(new ApiError(0, 'the server cannot be reached'));
});

test('a request that was given up stays what it is', async () => {
  fetched.mockRejectedValue(new DOMException('gone', 'AbortError'));
  await expect(getJson('/api/runs')).rejects.toMatchObject({ name: 'AbortError' });
});

test('a change carries the token that guards against forgery, and 204 is nothing', async () => {
  rememberCsrfToken('abc');
  fetched.mockImplementation(async () => new Response(null, { status: 204 }));
  await expect(sendJson('PUT', '/api/x', { a: 1 })).resolves.toBeUndefined();
  expect(fetched).toHaveBeenCalledWith('/api/x', {
    method: 'PUT',
    headers: { [CSRF_HEADER]: 'abc', 'content-type': 'application/json' },
    body: '{"a":1}',
    credentials: 'same-origin',
  });
});
