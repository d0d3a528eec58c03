/** The bare HTTP client that the runner stands on, with nothing around it: `REQUESTS CONCURRENCY URL`. */
import { Pool } from 'undici';
import { BODY } from './work';

async function main([requests, concurrency, url]: readonly string[]): Promise<void> {
  const { origin, pathname } = new URL(url!);
  const pool = new Pool(origin, { pipelining: 1 });
  const request = {
    method: 'POST' as const,
    path: `${pathname}/chat/completions`,
    headers: { 'content-type': 'application/json' },
    body: BODY,
  };
  const ask = () =>
    new Promise<void>((resolve, reject) =>
      pool.dispatch(request, {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(),
        onResponseError: (_controller, error) => reject(error),
      }),
    );
  let left = Number(requests);
  await Promise.all(
    Array.from({ length: Number(concurrency) }, async () => {
      while (left-- > 0) await ask();
    }),
  );
  await pool.destroy();
  console.log('{}');
}

void main(process.argv.slice(2));
