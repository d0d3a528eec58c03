import { VmConsole } from './console';

test('lines are told apart by program, whole or in pieces', () => {
  const console = new VmConsole();
  console.take('[   12.5] he300-run[301]: hel');
  expect(console.lines).toEqual([]);
  console.take('lo: you\r\n[  100.25] systemd[1]: Started it.\nand more\n');
  expect(console.lines).toEqual([
    { seconds: 12.5, source: 'he300-run', text: 'hello: you' },
    { seconds: 100.25, source: 'systemd', text: 'Started it.' },
    { seconds: 100.25, source: 'systemd', text: 'and more' },
  ]);
});

test('what was said and what will be said is waited for, each once', async () => {
  const console = new VmConsole();
  console.take('[1.0] a: first\n');
  await expect(console.waitFor(/first/)).resolves.toMatchObject({ seconds: 1 });
  const second = console.waitFor(/second/);
  console.take('[2.0] a: second\n[3.0] a: second\n');
  await expect(second).resolves.toMatchObject({ seconds: 2 });
});

test('a host that goes off without a word is quoted', async () => {
  const console = new VmConsole();
  const never = console.waitFor(/done/);
  console.take('[1.0] kernel: panic\n');
  console.end();
  await expect(never).rejects.toThrow(
    'never said: /done/; the host powered itself off:\n    1.0 kernel: panic',
  );
  await expect(console.waitFor(/done/)).rejects.toThrow('never said: /done/');
});
