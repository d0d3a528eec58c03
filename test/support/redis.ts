/** A real Redis for the tests: a server of its own on a loopback port, with an administrator and nobody else. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import type { Tool } from '../../ops/lib/tool';
import { endProcess } from './end-process';
import { freePort } from './free-port';

const START_LIMIT_MS = 30_000;

/** Where a server keeps its users when it is started again: https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/. */
export type UsersKept = 'acl-file' | 'config-file' | 'nowhere';

export interface Login {
  readonly username: string;
  readonly password: string;
}

export class RedisServer {
  readonly admin: Login = { username: 'admin', password: randomUUID() };
  private child: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly dir: string,
    private readonly port: number,
    private readonly usersKept: UsersKept,
  ) {}

  static async start({ path }: Tool, usersKept: UsersKept = 'acl-file'): Promise<RedisServer> {
    const dir = mkdtempSync(join(tmpdir(), 'he300-redis-'));
    const server = new RedisServer(path, dir, await freePort(), usersKept);
    server.writeFiles();
    await server.start();
    return server;
  }

  /** `redis://…` */
  url({ username, password }: Login): string {
    return `redis://${username}:${encodeURIComponent(password)}@127.0.0.1:${this.port}`;
  }

  /** Again at the same port, with what it kept. */
  async start(): Promise<void> {
    const child = spawn(this.program, this.args(), { cwd: this.dir, stdio: 'ignore' });
    this.child = child;
    for (const started = Date.now(); ; await delay(20)) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with exit code ${child.exitCode}`);
      if (
        await this.command('PING').then(
          () => true,
          () => false,
        )
      )
        return;
      if (Date.now() - started > START_LIMIT_MS)
        throw new Error(`redis-server did not answer within ${START_LIMIT_MS / 1000} s`);
    }
  }

  /** One command on a connection of its own: as the administrator, or as another. */
  async command(...args: readonly string[]): Promise<unknown> {
    return this.commandAs(this.admin, ...args);
  }

  async commandAs(login: Login, ...args: readonly string[]): Promise<unknown> {
    const client = createClient({ url: this.url(login), socket: { reconnectStrategy: false } });
    // The same failure rejects what was asked.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.sendCommand(args);
    } finally {
      if (client.isOpen) client.destroy();
    }
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    if (this.child) await endProcess(this.child);
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get userLines(): readonly string[] {
    const { username, password } = this.admin;
    return ['user default off', `user ${username} on >${password} ~* &* +@all`];
  }

  private writeFiles(): void {
    const settings = [`port ${this.port}`, 'bind 127.0.0.1', 'save ""'];
    if (this.usersKept === 'acl-file') {
      writeFileSync(join(this.dir, 'users.acl'), `${this.userLines.join('\n')}\n`);
      settings.push('aclfile users.acl');
    } else settings.push(...this.userLines);
    writeFileSync(join(this.dir, 'redis.conf'), `${settings.join('\n')}\n`);
  }

  private args(): string[] {
    if (this.usersKept !== 'nowhere') return ['redis.conf'];
    const settings = [`port ${this.port}`, 'bind 127.0.0.1', 'save ', ...this.userLines];
    return settings.flatMap((setting) => {
      const [name, ...values] = setting.split(' ');
      return [`--${name}`, ...values];
    });
  }
}

/** One server for the suite it is called in. */
export function withRedis(tool: Tool, usersKept?: UsersKept): () => RedisServer {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await RedisServer.start(tool, usersKept);
  }, 2 * START_LIMIT_MS);
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('Redis is not running outside of hooks and tests');
    return server;
  };
}
