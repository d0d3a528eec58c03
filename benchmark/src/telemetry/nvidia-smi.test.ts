import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { withFakePath } from '../../../test/support/fake-programs';
import { gpuReading, type GpuReading } from '../contract/telemetry-line';
import { NvidiaSmi } from './nvidia-smi';
import { A10G_LINE, nvidiaSmiDouble } from './nvidia-smi.double';
import { parseNvidiaSmiLine } from './nvidia-smi-line';

describe('a line of nvidia-smi', () => {
  test('is one GPU, in our units', () => {
    expect(parseNvidiaSmiLine(A10G_LINE)).toEqual({
      index: 0,
      name: 'NVIDIA A10G',
      smActive: null,
      dramActive: null,
      tensorActive: null,
      utilization: 0.97,
      memoryMib: 18_231,
      powerWatts: 141.25,
      smClockMhz: 1_335,
      memoryClockMhz: 6_251,
      temperatureC: 62,
      throttleReasons: ['sw-power-cap'],
    });
  });

  test.each([
    '[N/A]',
    '[Not Supported]',
    '[Unknown Error]',
    '[GPU requires reset]',
    'N/A',
    '',
    '-',
    '1e9999',
  ])('tells nothing where it says %j', (nothing) => {
    const cells = Array.from({ length: 7 }, () => nothing);
    expect(parseNvidiaSmiLine(['3', ...cells, '[N/A]'].join(', '))).toMatchObject({
      index: 3,
      name: null,
      utilization: null,
      powerWatts: null,
      throttleReasons: null,
    });
  });

  test.each([
    ['cut short', A10G_LINE.slice(0, 40)],
    ['cut in the reasons', A10G_LINE.slice(0, A10G_LINE.indexOf('04,'))],
    ['a message', 'NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver.'],
    ['a field that the driver lacks', 'Field "x" is not a valid field to query.'],
    ['a header', 'index, utilization.gpu [%], a, b, c, d, e, f, g'],
    ['nothing', ''],
  ])('that is %s is none', (_title, line) => {
    expect(parseNvidiaSmiLine(line)).toBeUndefined();
  });

  test.each([
    ['0x0000000000000000', []],
    ['0x0000000000000001', []],
    ['0x0000000000000060', ['sw-thermal-slowdown', 'hw-thermal-slowdown']],
    ['0x8000000000000088', ['hw-slowdown', 'hw-power-brake', 'other']],
    ['0xzz', null],
    ['Not Active', null],
  ])('has the clock reasons %s', (bits, reasons) => {
    const line = A10G_LINE.replace('0x0000000000000004', bits);
    expect(parseNvidiaSmiLine(line)?.throttleReasons).toEqual(reasons);
  });

  test('of any bytes is a reading of the contract, or none: 20,000 lines', () => {
    const cell = fc.oneof(
      fc.constantFrom('[N/A]', '[Not Supported]', '97', '-1', '1e5', '0x4', '999999999999999', '12.5', ''),
      fc.string({ maxLength: 12 }),
    );
    const torn = fc
      .tuple(fc.nat(A10G_LINE.length), fc.nat(A10G_LINE.length), fc.string({ maxLength: 5 }))
      .map(([from, to, between]) => A10G_LINE.slice(0, from) + between + A10G_LINE.slice(to));
    const line = fc.oneof(
      fc.array(cell, { maxLength: 14 }).map((cells) => cells.join(', ')),
      torn,
      fc.string({ unit: 'binary', maxLength: 80 }),
    );
    fc.assert(
      fc.property(line, (text) => {
        const gpu = parseNvidiaSmiLine(text);
        if (gpu) expect(gpuReading.safeParse(gpu).success).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('nvidia-smi as it runs', () => {
  const path = withFakePath();
  let source: NvidiaSmi;
  afterEach(() => source.close());

  const asked = (): string[] =>
    existsSync(`${path.dir}/nvidia-smi.asked`)
      ? readFileSync(`${path.dir}/nvidia-smi.asked`, 'utf8').trim().split('\n')
      : [];

  async function until(condition: () => boolean): Promise<void> {
    for (const endMs = Date.now() + 20_000; !condition();) {
      if (Date.now() > endMs) throw new Error('it never came about');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const gpus = (): readonly GpuReading[] => source.read().gpus ?? [];

  test('tells of every GPU, by index, whatever else it prints', async () => {
    const second = A10G_LINE.replace('0, 97', '1, 12');
    path.add('nvidia-smi', nvidiaSmiDouble({ lines: ['warning: infoROM is corrupted', second, A10G_LINE] }));
    source = new NvidiaSmi({ intervalMs: 200 });
    await until(() => gpus().length === 2);
    expect(gpus().map(({ index, utilization }) => [index, utilization])).toEqual([
      [0, 0.97],
      [1, 0.12],
    ]);
  });

  test('is asked in the words of an older driver when it refuses those of a newer one', async () => {
    const reasonsField = 'clocks_throttle_reasons.active';
    path.add('nvidia-smi', nvidiaSmiDouble({ lines: [A10G_LINE], reasonsField }));
    source = new NvidiaSmi({ intervalMs: 200 });
    await until(() => gpus().length === 1);
    expect(gpus()[0]).toMatchObject({ throttleReasons: ['sw-power-cap'] });
    expect(asked()).toHaveLength(2);
  });

  test('that ends, in the middle of a line, is started again a few times; its old figures are not told for long', async () => {
    path.add('nvidia-smi', nvidiaSmiDouble({ lines: [A10G_LINE], rounds: 1, lastWords: '0, 97, 18' }));
    source = new NvidiaSmi({ intervalMs: 150 });
    await until(() => gpus().length === 1);
    await until(() => gpus().length === 0 && asked().length === 4);
    for (let looks = 0; looks < 20; looks++) expect(gpus()).toEqual([]);
    expect(asked()).toHaveLength(4);
  });

  test('that is not there tells nothing', async () => {
    source = new NvidiaSmi({ intervalMs: 20 });
    expect(source.read()).toEqual({});
    await source.close();
    expect(source.read()).toEqual({});
    // At once, before it is known that there is none.
    await new NvidiaSmi().close();
  });

  test('is gone when the source is closed', async () => {
    path.add('nvidia-smi', `echo $$ > ${path.dir}/pid\n${nvidiaSmiDouble({ lines: [A10G_LINE] })}`);
    source = new NvidiaSmi({ intervalMs: 200 });
    await until(() => gpus().length === 1);
    const pid = Number(readFileSync(`${path.dir}/pid`, 'utf8'));
    await source.close();
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  test('that cannot be ended holds up nobody', async () => {
    // Its output outlives it, as when the driver does not let it go.
    path.add(
      'nvidia-smi',
      `/bin/sleep 600 &\necho $! > ${path.dir}/pid\n${nvidiaSmiDouble({ lines: [A10G_LINE] })}`,
    );
    source = new NvidiaSmi({ intervalMs: 200 });
    try {
      await until(() => gpus().length === 1);
      await source.close();
    } finally {
      process.kill(Number(readFileSync(`${path.dir}/pid`, 'utf8')));
    }
  });
});
