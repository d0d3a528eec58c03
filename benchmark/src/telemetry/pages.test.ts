/** The sources that read a page of metrics. */
import { serve, type Handler, type TestServer } from '../engines/engine-doubles';
import { gpuReading, serverReading } from '../contract/telemetry-line';
import { Dcgm } from './dcgm';
import { A10G_FIELDS, dcgmPage } from './dcgm.double';
import { ServerQueue } from './server-queue';
import type { Source } from './source';

let server: TestServer;
let source: Source;
let gets = 0;
afterEach(async () => {
  await source.close();
  await server.close();
});

async function over(handle: Handler, make: (url: URL) => Source): Promise<void> {
  gets = 0;
  server = await serve((request, ...rest) => {
    gets++;
    handle(request, ...rest);
  });
  source = make(server.url);
}
const answering =
  (page: string, status = 200): Handler =>
  (_, response) =>
    response.writeHead(status).end(page);

const dcgm = (url: URL): Source => new Dcgm(new URL('/metrics', url));
const queue = (url: URL): Source => new ServerQueue(new URL('/v1', url));

describe('a server that has no such page', () => {
  test.each<[string, Handler]>([
    ['404', answering('no', 404)],
    ['a page of something else', answering('<html>')],
    ['a page of other metrics', answering('http_requests_total 3\n')],
    ['bytes that are no text', (_, response) => response.end(Buffer.from([0xff, 0xfe, 0xc3]))],
    ['a page without end', (_, response) => void response.write('x'.repeat(9 * 1024 * 1024))],
    ['a broken connection', (request) => request.socket.destroy()],
  ])('tells nothing, and is not asked for ever: %s', async (_title, handle) => {
    await over(handle, queue);
    for (let i = 0; i < 6; i++) expect(await source.read()).toEqual({});
    expect(gets).toBe(3);
  });
});

describe('the queue of a server', () => {
  test.each([
    [
      'vLLM',
      'vllm:num_requests_running{engine="0",model_name="m"} 12\nvllm:num_requests_running{engine="1",model_name="m"} 4.0\nvllm:num_requests_waiting{engine="0",model_name="m"} 3\nvllm:num_requests_waiting_by_reason{reason="capacity"} 9\nvllm:kv_cache_usage_perc{engine="0"} 0.25\nvllm:kv_cache_usage_perc{engine="1"} 0.5\n',
      { kind: 'vllm', running: 16, waiting: 3, kvCache: 0.5 },
    ],
    [
      'an older vLLM',
      'vllm:num_requests_running{model_name="m"} 1.0\nvllm:num_requests_waiting{model_name="m"} 0.0\nvllm:gpu_cache_usage_perc{model_name="m"} 0.1\n',
      { kind: 'vllm', running: 1, waiting: 0, kvCache: 0.1 },
    ],
    [
      'llama-server',
      'llamacpp:requests_processing 4\nllamacpp:requests_deferred 7\n',
      { kind: 'llama-server', running: 4, waiting: 7, kvCache: null },
    ],
  ])('is read off the page of %s', async (_title, page, expected) => {
    await over(answering(page), queue);
    const reading = await source.read();
    expect(reading).toEqual({ server: expected });
    expect(serverReading.safeParse(reading.server).success).toBe(true);
  });

  test.each(['NaN', '-1', '+Inf'])('with %s in it is not told', async (value) => {
    await over(answering(`vllm:num_requests_running ${value}\nvllm:num_requests_waiting 1\n`), queue);
    expect(await source.read()).toEqual({});
  });
});

describe('the exporter of DCGM', () => {
  test('tells of every GPU, in our units', async () => {
    const page = dcgmPage([
      { gpu: 1, fields: { DCGM_FI_PROF_SM_ACTIVE: 0.5 } },
      { gpu: 0, fields: A10G_FIELDS },
    ]);
    await over(answering(page), dcgm);
    const { gpus } = await source.read();
    expect(gpus).toEqual([
      {
        index: 0,
        name: 'NVIDIA A10G',
        smActive: 0.91,
        dramActive: 0.72,
        tensorActive: 0.18,
        utilization: 1,
        memoryMib: 18_231,
        powerWatts: 143.5,
        smClockMhz: 1_320,
        memoryClockMhz: 6_251,
        temperatureC: 63,
        throttleReasons: ['sw-power-cap'],
      },
      expect.objectContaining({ index: 1, smActive: 0.5, dramActive: null, throttleReasons: null }),
    ]);
    for (const gpu of gpus!) expect(gpuReading.safeParse(gpu).success).toBe(true);
  });

  test('fills what it does not know with numbers that are none', async () => {
    const fields = {
      ...A10G_FIELDS,
      DCGM_FI_DEV_POWER_USAGE: 140737488355328,
      DCGM_FI_PROF_DRAM_ACTIVE: 'NaN',
      DCGM_FI_DEV_FB_USED: -1,
      DCGM_FI_DEV_CLOCKS_EVENT_REASONS: 9223372036854775792,
    };
    await over(answering(dcgmPage([{ gpu: 0, fields }])), dcgm);
    expect((await source.read()).gpus).toEqual([
      expect.objectContaining({
        powerWatts: null,
        dramActive: null,
        memoryMib: null,
        throttleReasons: null,
        smActive: 0.91,
      }),
    ]);
  });

  test('of a GPU that is split tells the busiest instance', async () => {
    const page = dcgmPage([
      { gpu: 0, instance: 7, fields: { DCGM_FI_PROF_DRAM_ACTIVE: 0.1 } },
      { gpu: 0, instance: 8, fields: { DCGM_FI_PROF_DRAM_ACTIVE: 0.6 } },
      { gpu: 0, instance: 9, fields: { DCGM_FI_PROF_DRAM_ACTIVE: 0.2 } },
    ]);
    await over(answering(page), dcgm);
    expect((await source.read()).gpus).toEqual([expect.objectContaining({ index: 0, dramActive: 0.6 })]);
  });

  test('by its older name tells why clocks are held down', async () => {
    await over(answering(dcgmPage([{ gpu: 0, fields: { DCGM_FI_DEV_CLOCK_THROTTLE_REASONS: 0x48 } }])), dcgm);
    expect((await source.read()).gpus![0]!.throttleReasons).toEqual(['hw-slowdown', 'hw-thermal-slowdown']);
  });
});
