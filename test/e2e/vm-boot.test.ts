/** The booted host itself: that it is told what we tell it, sees what we give it, and keeps what it had written. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fromVm } from '../support/vm/boot';
import { describeWithVm } from '../support/vm/suite';

jest.setTimeout(600_000);

/** Says what is asked, then stays up. */
const USER_DATA = `#cloud-config
${JSON.stringify({
  runcmd: [
    ['sh', '-c', 'node --version && modprobe wireguard && . /etc/he300/environment && curl -sS "$TOLD"'],
    ['sh', '-c', 'echo kept >/root/kept && sync && echo written'],
  ],
})}
`;

describeWithVm([], 'a booted host', (boot) => {
  const server = createServer((request, response) => response.end(`asked for ${request.url}\n`));
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => server.close());

  test('runs its user data, reaches the machine, and keeps through a power cut what it had written', async () => {
    const { port } = server.address() as AddressInfo;
    const vm = boot({
      instanceId: 'i-0123456789abcdef0',
      userData: USER_DATA,
      environment: { TOLD: fromVm(`http://127.0.0.1:${port}/told`) },
    });
    await vm.console.waitFor(/^written$/);
    await vm.kill();
    await expect(vm.off).rejects.toThrow('qemu ended with SIGKILL');
    const said = vm.console.lines.filter(({ source }) => source === 'cloud-init').map(({ text }) => text);
    expect(said).toEqual(
      expect.arrayContaining([expect.stringMatching(/^v24\./), 'asked for /told', 'written']),
    );
    expect(vm.disk.read('/root/kept').toString()).toBe('kept\n');
    expect(vm.disk.read('/var/lib/cloud/data/instance-id').toString()).toBe('i-0123456789abcdef0\n');
  });
});
