import fc from 'fast-check';
import type { Results } from '../../contract/results';
import type { Sample } from '../../contract/sample';
import { notSearched } from '../../run/find-concurrency';
import type { Shown } from '../../share/shown';
import { exampleRun, exampleTelemetry } from '../example-run';
import { foreign } from './markup';
import { htmlReport } from './page';
import { attribute, named, parsed, skeleton, textOf, within, type Parsed } from './parsed-page';

const KEY = `${'A'.repeat(43)}=`;
const whole: Shown = { ...exampleRun(), publicKey: KEY };
const nothing = exampleRun({ asked: 0 });

const withSaturation = (change: Partial<Results['performance']['saturation']>): Shown => {
  const { results, samples } = whole;
  const saturation = { ...results.performance.saturation, ...change };
  return {
    results: { ...results, performance: { ...results.performance, saturation } },
    samples,
    publicKey: KEY,
  };
};

/** A run under every light in which a page shows one. */
const SHAPES: readonly (readonly [
  title: string,
  shown: Shown,
  telemetry: ReturnType<typeof exampleTelemetry> | null,
])[] = [
  ['a whole run', whole, null],
  ['a whole run with readings of its machines', whole, exampleTelemetry()],
  ['a partial run', { ...exampleRun({ asked: 17 }), publicKey: KEY }, null],
  ['a run that asked nothing', { ...nothing, publicKey: KEY }, []],
  ['results without samples', { ...whole, samples: null }, null],
  ['an anonymized copy', { ...whole, publicKey: null }, null],
  ['a run without a search', withSaturation(notSearched(4)), null],
  ['a run of which only the totals are known', bare(), null],
  ['answers of 64 KiB', { ...exampleRun({ answer: () => '<b>&'.repeat(16_384) }), publicKey: KEY }, null],
];

function bare(): Shown {
  const { results, samples } = whole;
  const { total } = results.performance;
  const unknown = {
    promptTokensPerSecond: null,
    outputTokensPerSecond: null,
    timeToFirstTokenMs: null,
    interTokenMs: null,
    timePerOutputTokenMs: null,
    goodput: null,
  };
  return {
    results: {
      ...results,
      model: {
        ...results.model,
        digest: null,
        quantization: null,
        parametersBillions: null,
        contextTokens: null,
      },
      engine: { name: 'openai', server: null, slots: null },
      host: { ...results.host, kind: 'machine', instanceType: null, region: null, market: null, gpu: null },
      trigger: { kind: 'schedule' },
      score: { ...results.score, flips: null },
      performance: {
        total: { ...total, ...unknown },
        steady: null,
        saturation: notSearched(1),
        concurrencyChanges: [],
      },
      cost: { usdPerHour: null, capUsd: null, timeLimitMinutes: null, spentUsd: null, wattHours: null },
    },
    samples: samples!.map((sample) => ({
      ...sample,
      promptTokens: null,
      outputTokens: null,
      timing: { ...sample.timing, firstTokenMs: null },
    })),
    publicKey: KEY,
  };
}

const page = async (
  shown: Shown,
  telemetry: ReturnType<typeof exampleTelemetry> | null = null,
): Promise<Parsed> => parsed(await htmlReport(shown, telemetry));

describe.each(SHAPES)('the page of %s', (_title, shown, telemetry) => {
  let text: string;
  let seen: Parsed;
  beforeAll(async () => {
    text = await htmlReport(shown, telemetry);
    seen = parsed(text);
  });

  test('is HTML that a parser need not mend', () => {
    expect(seen.errors).toEqual([]);
  });

  test('asks for nothing and runs nothing', () => {
    const names = new Set(seen.elements.map(({ tagName }) => tagName));
    for (const fetching of [
      'script',
      'link',
      'img',
      'image',
      'use',
      'iframe',
      'object',
      'embed',
      'base',
      'form',
      'a',
    ])
      expect(names).not.toContain(fetching);
    const attributes = seen.elements.flatMap(({ attrs }) => attrs);
    expect(
      attributes.filter(({ name }) => /^on|^(?:src|href|srcset|action|style|xlink.*)$/.test(name)),
    ).toEqual([]);
    expect(attributes.filter(({ value }) => /:\/\//.test(value))).toEqual([]);
    expect(textOf(named(seen, 'style')[0]!)).not.toMatch(/url\(|@import|@font-face/);
    expect(attribute(named(seen, 'meta')[1]!, 'content')).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'/,
    );
  });

  test('is the same bytes the next time', async () => {
    expect(await htmlReport(shown, telemetry)).toBe(text);
  });

  test('tells those who cannot see it what its plots and tables are', () => {
    expect(attribute(named(seen, 'html')[0]!, 'lang')).toBe('en');
    expect(named(seen, 'h1')).toHaveLength(1);
    const ids = seen.elements.flatMap((element) => attribute(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const element of seen.elements)
      for (const id of attribute(element, 'aria-labelledby')?.split(' ') ?? []) expect(ids).toContain(id);
    for (const svg of named(seen, 'svg')) {
      expect(attribute(svg, 'role')).toBe('img');
      for (const part of ['title', 'desc']) expect(textOf(within(svg, part)[0]!)).not.toBe('');
    }
    for (const table of named(seen, 'table')) {
      expect(textOf(within(table, 'caption')[0]!)).not.toBe('');
      expect(within(table, 'th').every((th) => ['col', 'row'].includes(attribute(th, 'scope')!))).toBe(true);
    }
  });

  test('has no figure that is none', () => {
    expect(text).not.toMatch(/\b(?:NaN|Infinity|undefined|null)\b/);
  });
});

describe('what a server or a model wrote', () => {
  const FRAGMENTS = [
    '<script>alert(1)</script>',
    '</style>',
    '<!--',
    '-->',
    ']]>',
    '"',
    "'",
    '&lt;',
    '&',
    '<svg onload=x>',
    '</title>',
    '\u202e',
    '\ud800',
    '\u0000',
    '\u009b31m',
    'javascript:',
    '\n',
    '${7*7}',
  ];
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 8 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => `x${parts.join('')}`);

  /** Puts the text into every place that foreign text can reach. */
  const poisoned = (text: string): Shown => {
    const { results, samples } = whole;
    const { saturation } = results.performance;
    return {
      results: {
        ...results,
        model: { ...results.model, name: text, digest: text, quantization: text },
        engine: { ...results.engine, server: text },
        prompts: { ...results.prompts, name: text, version: text },
        host: {
          ...results.host,
          id: text,
          region: text,
          gpu: { ...results.host.gpu!, name: text, driver: text },
        },
        trigger: { kind: 'push', actor: text, repository: text, branch: text },
        runner: { ...results.runner, node: text },
        performance: {
          ...results.performance,
          saturation: {
            ...saturation,
            evidence: [text],
            warnings: [text],
            unknowns: [text],
            windows: saturation.windows.map((window) => ({ ...window, reason: text })),
          },
          concurrencyChanges: [{ atSeconds: 1, from: 2, to: 1, reason: text }],
        },
      },
      samples: samples!.map((sample, i): Sample =>
        i % 2 === 0
          ? { ...sample, answer: text, judgement: { outcome: 'unknown', predicted: null, rule: null } }
          : {
              ...sample,
              answer: '',
              judgement: { outcome: 'error', predicted: null, rule: null },
              error: { kind: 'http', message: text },
            },
      ),
      publicKey: KEY,
    };
  };

  test('stands in the page as text, and changes nothing of its structure', async () => {
    const harmless = skeleton(await page(poisoned('x')));
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const seen = await page(poisoned(text));
        expect(skeleton(seen)).toEqual(harmless);
        // Line ends are the parser's own business.
        const shown = foreign(text).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
        expect(textOf(named(seen, 'h1')[0]!)).toBe(shown);
        const answers = seen.elements.filter((element) => attribute(element, 'class') === 'answer');
        expect(answers).toHaveLength(20);
        for (const answer of answers) expect(textOf(answer)).toBe(shown);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('is cut where it is long, and says how long it was', async () => {
    const seen = await page({ ...exampleRun({ answer: () => 'a'.repeat(65_536) }), publicKey: KEY });
    const answer = seen.elements.find((element) => attribute(element, 'class') === 'answer')!;
    expect(textOf(answer)).toBe(`${'a'.repeat(400)}… (65,536 characters)`);
  });
});
