import fc from 'fast-check';
import { loadEnvironment } from '../../../environments';
import { standingOf } from './due';
import { rotate, type RotationContext } from './engine';
import { KvDouble } from './kv.double';
import { NeedsPerson, type Kind, type Step } from './kind';
import { planLines } from './lines';
import { planOf } from './plan';
import { rotateDue } from './rotate-all';

const PATH = 'he300/thing';
const RECORD = 'he300/rotation/thing-one';
const HOUR_MS = 3_600_000;
/** Requests until it stands in the record that the value has leaked: read it, write it. */
const BEGUN = 2;

/** An engine, a clock, and what was done in order. */
function world() {
  let ms = Date.parse('2026-03-01T00:00:00Z');
  const now = () => new Date(ms);
  const done: string[] = [];
  const said: string[] = [];
  const kv = new KvDouble(now);
  const context = (more: Partial<RotationContext> = {}): RotationContext => ({
    ...{ env: loadEnvironment('prod'), variables: {}, fetch, leaked: false, settleSeconds: 0, now },
    secrets: kv.secrets(),
    wait: (wanted) => Promise.resolve(void (ms += wanted)),
    progress: (line) => void said.push(line),
    ...more,
  });
  /** Of whoever is killed when so many of his requests were heard. */
  const dying = (requests: number) => {
    let left = requests;
    return kv.secrets(() => {
      if (left-- <= 0) throw new Error('killed');
    });
  };
  return { kv, done, said, now, context, dying, pass: (hours: number) => void (ms += hours * HOUR_MS) };
}
type World = ReturnType<typeof world>;

const step = ({ done }: World, name: string, afterHours?: number): Step => ({
  ...{ name, title: `does ${name}`, ...(afterHours === undefined ? {} : { afterHours }) },
  run: async ({ next }, { secrets }) => {
    await secrets.write(PATH, { value: next['value']! }, await secrets.read(PATH));
    done.push(name);
  },
});

function kindOf(steps: readonly Step[], more: Partial<Kind> = {}): Kind {
  let made = 0;
  return {
    ...{ what: 'thing/one', path: PATH, intervalDays: 30, steps },
    prepare: () => Promise.resolve({ value: `made-${++made}` }),
    ...more,
  };
}

describe('what stands in its way', () => {
  test('is told before anything is made', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a')], { variables: ['THE_URL'] });
    await expect(rotate(kind, here.context())).rejects.toThrow('THE_URL is not set in the environment');
    await expect(rotate(kind, here.context({ variables: { THE_URL: '' } }))).rejects.toThrow('THE_URL');
    await expect(rotate(kindOf([step(here, 'a')]), here.context({ value: 'canary' }))).rejects.toThrow(
      'thing/one: its value is made here; allowed: none but for what others make',
    );
    expect(here.kv.paths).toEqual([]);
  });

  test('a value is not taken for a rotation that was begun with another', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a'), step(here, 'b', 24)], { byHand: true });
    await rotate(kind, here.context({ value: 'first' }));
    await expect(rotate(kind, here.context({ value: 'canary' }))).rejects.toThrow(
      /^thing\/one: a rotation of 2026-03-01T00:00:00.000Z is not finished; allowed: without a value/,
    );
  });

  test('whoever slept while another one ended it, or began the next, changes nothing', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a'), step(here, 'b', 0.1)]);
    const dies = here.context({ wait: () => Promise.reject(new Error('killed')) });
    const asleep = (meanwhile: () => Promise<unknown>) =>
      rotate(kind, here.context({ wait: async () => void (await meanwhile()) }));

    await expect(asleep(() => rotate(kind, here.context()))).rejects.toThrow(
      'thing/one: another rotate is at it; allowed: again when that one has ended',
    );
    // The record of the next has come as far: it counts the same versions.
    const meanwhile = () =>
      rotate(kind, here.context()).then(() => rotate(kind, dies).catch(() => undefined));
    await expect(asleep(meanwhile)).rejects.toThrow('another rotate is at it');
    expect((await here.kv.secrets().read(PATH))!.fields).toEqual({ value: 'made-3' });
    await rotate(kind, here.context());
    expect((await here.kv.secrets().read(PATH))!.fields).toEqual({ value: 'made-3' });
  });
});

test('an overlap that is long is left to whoever runs next, a short one is waited for, and none is where the value has leaked', async () => {
  const here = world();
  const kind = kindOf([step(here, 'a'), step(here, 'b', 0.1), step(here, 'c', 24)]);
  await expect(rotate(kind, here.context())).resolves.toEqual({
    ...{ what: 'thing/one', did: 'waits', step: 'c', until: new Date('2026-03-02T00:06:00Z') },
  });
  expect(here.done).toEqual(['a', 'b']);
  await rotate(kind, here.context());
  expect(here.done).toEqual(['a', 'b']);
  here.pass(24);
  await expect(rotate(kind, here.context())).resolves.toMatchObject({ did: 'rotated', resumed: true });
  expect(here.done).toEqual(['a', 'b', 'c']);

  await rotate(kind, here.context({ leaked: true }));
  expect(here.done).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});

test('what a step found out is known to those after it, on whatever machine', async () => {
  const here = world();
  const seen: unknown[] = [];
  const kind = kindOf([
    { name: 'find', title: 'finds', run: () => Promise.resolve({ found: 'it', value: 'another' }) },
    { name: 'use', title: 'uses', afterHours: 24, run: ({ next }) => Promise.resolve(void seen.push(next)) },
  ]);
  await rotate(kind, here.context());
  here.pass(24);
  await rotate(kind, here.context());
  expect(seen).toEqual([{ found: 'it', value: 'another' }]);
});

test('whenever it is killed, every step is done, in order, with the values that were made first; nothing is left over', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(undefined, 0.05, 24), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
      async (overlaps, lives) => {
        const here = world();
        const kind = kindOf(overlaps.map((afterHours, i) => step(here, `s${i}`, afterHours)));
        for (const life of [...lives, Infinity]) {
          const secrets = here.dying(life);
          for (;;) {
            const outcome = await rotate(kind, here.context({ secrets })).catch(() => undefined);
            if (outcome?.did !== 'waits') break;
            here.pass(24);
          }
          if (!here.kv.paths.includes(RECORD) && here.done.includes(`s${overlaps.length - 1}`)) break;
        }
        const names = overlaps.map((_, i) => `s${i}`);
        // Done again only where nobody had come to write down that it was done.
        expect([...new Set(here.done)]).toEqual(names);
        expect(here.done).toEqual([...here.done].sort());
        const value = (await here.kv.secrets().read(PATH))!.fields['value'];
        expect(value).toMatch(/^made-\d$/);
        expect((await here.kv.secrets().read(PATH))!.version).toBe(1);
        expect(here.kv.paths).toEqual([PATH]);
        expect((await here.kv.secrets().metadata(PATH))!.custom).toMatchObject({ rotated_version: '1' });
      },
    ),
  ));

describe('a value that has leaked', () => {
  test('is remembered: whoever goes on with its rotation, from any request on, leaves the overlap out too', async () => {
    for (let life = BEGUN; ; life++) {
      const here = world();
      const leaks: boolean[] = [];
      const kind = kindOf([
        step(here, 'a', 24),
        { name: 'b', title: 'does b', run: ({ leaked }) => Promise.resolve(void leaks.push(leaked)) },
      ]);
      const secrets = here.dying(life);
      const asked = await rotate(kind, here.context({ leaked: true, secrets })).catch(() => undefined);
      if (asked) break;
      await expect(rotate(kind, here.context())).resolves.toMatchObject({ did: 'rotated' });
      expect(new Set(leaks)).toEqual(new Set([true]));
    }
  });

  test('may be the one that a rotation under way brings: that ends, and another follows, whoever is killed meanwhile', async () => {
    for (let life = BEGUN; ; life++) {
      const here = world();
      const kind = kindOf([step(here, 'a'), step(here, 'b', 24)]);
      await rotate(kind, here.context());
      const secrets = here.dying(life);
      const asked = await rotate(kind, here.context({ leaked: true, secrets })).catch(() => undefined);
      expect(asked ?? (await rotate(kind, here.context()))).toMatchObject({ did: 'rotated' });
      expect((await here.kv.secrets().read(PATH))!.fields).toEqual({
        value: expect.stringMatching(/^made-[^1]/),
      });
      expect(here.kv.paths).toEqual([PATH]);
      if (asked) break;
    }
  });

  test('of a kind that others make needs a person for the one after', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a'), step(here, 'b', 24)], { byHand: true });
    await rotate(kind, here.context({ value: 'first' }));
    await expect(rotate(kind, here.context({ leaked: true }))).rejects.toThrow(NeedsPerson);
    expect(here.done).toEqual(['a', 'b']);
    await expect(rotate(kind, here.context({ leaked: true, value: 'second' }))).resolves.toMatchObject({
      ...{ did: 'rotated', resumed: false },
    });
    expect(here.kv.paths).toEqual([PATH]);
  });
});

describe('what is due', () => {
  test('is as old as its last rotation, or as what a person wrote since', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a')]);
    const standing = () => standingOf(kind, here.kv.secrets(), here.now());
    expect(await standing()).toEqual({ is: 'absent' });
    await rotate(kind, here.context());
    here.pass(29 * 24);
    expect(await standing()).toEqual({
      ...{ is: 'fresh', ageDays: 29, dueAt: new Date('2026-03-31T00:00:00Z') },
    });
    here.pass(24);
    expect(await standing()).toEqual({ is: 'due', ageDays: 30 });
    const secrets = here.kv.secrets();
    await secrets.write(PATH, { value: 'by hand' }, await secrets.read(PATH));
    expect(await standing()).toMatchObject({ is: 'fresh', ageDays: 0 });
  });

  test('one that somebody deleted is absent, and rotating makes it again', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a')]);
    await rotate(kind, here.context());
    here.kv.delete(PATH);
    expect(await standingOf(kind, here.kv.secrets(), here.now())).toEqual({ is: 'absent' });
    await rotate(kind, here.context());
    expect((await here.kv.secrets().read(PATH))!.fields).toEqual({ value: 'made-2' });
  });

  test('fails for itself, also by a fault of ours, waits for a person, or is rotated', async () => {
    const here = world();
    const secrets = here.kv.secrets();
    const due = (name: string, run: Step['run']): Kind => ({
      ...kindOf([{ name: 'a', title: 'does a', run }]),
      ...{ what: name, path: `he300/${name}`, prepare: () => Promise.resolve({}) },
    });
    const kinds = [
      due('odd', () => Promise.reject(new TypeError('canary of x is not a function'))),
      due('down', () => Promise.reject(new NeedsPerson('down: somebody must lift it'))),
      due('fine', () => Promise.resolve()),
      kindOf([step(here, 'a')], { variables: ['THE_URL'] }),
      { ...due('theirs', () => Promise.resolve()), byHand: true },
    ];
    for (const { path } of kinds) await secrets.write(path, { value: 'old' }, undefined);
    here.pass(31 * 24);
    expect(await rotateDue(kinds, here.context())).toEqual([
      { what: 'odd', did: 'failed', error: 'unexpected error (TypeError), a fault of rotate' },
      { what: 'down', did: 'told', needs: 'somebody must lift it' },
      { what: 'fine', did: 'rotated', resumed: false },
      { what: 'thing/one', did: 'failed', error: 'THE_URL is not set in the environment' },
      {
        ...{ what: 'theirs', did: 'told' },
        needs: '31 days old, due after 30; npm run rotate -- prod theirs --value-file FILE',
      },
    ]);
    expect(here.said.join('\n')).toMatch(/^odd: unexpected error\nTypeError: canary of x .+\n {4}at /m);
  });

  test('can be asked without doing it', async () => {
    const here = world();
    const kind = kindOf([step(here, 'a'), step(here, 'b', 24)], { variables: ['THE_URL'] });
    const lines = async (asked: boolean) => planLines(await planOf(kind, here.context(), asked));
    expect(await lines(false)).toEqual(['thing/one                not there']);
    expect(await lines(true)).toEqual([
      'thing/one                not there',
      '  would a: does a',
      '  would b, 24 h after that: does b',
      '  would fail: THE_URL is not set in the environment',
    ]);
    await rotate(kind, here.context({ variables: { THE_URL: 'x' } }));
    expect(await lines(false)).toEqual([
      'thing/one                unfinished: b from 2026-03-02T00:00:00.000Z',
      '  would b, 24 h after that: does b',
      '  would fail: THE_URL is not set in the environment',
    ]);
  });
});
