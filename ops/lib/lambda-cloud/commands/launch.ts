import { readFileSync, statSync } from 'node:fs';
import { namesOf } from '../../../../constructs/naming/names';
import { hostIngress } from '../../../../constructs/network/host-ingress';
import { loadEnvironment } from '../../../../environments';
import { LAMBDA_CLOUD_LIMIT_BYTES } from '../../../../userdata/encode';
import { CliError } from '../../cli';
import { hostIdentity } from '../host';
import { launchHost } from '../launch-host';
import { command, interruptible, MAX_DEADLINE_MINUTES, numberOption, openApi } from './command';
import { hostTags } from '../host-tags';

export const launch = command(
  {
    name: 'lambda launch',
    summary:
      "launches the environment's host unless it is there already (exit code 75: no capacity); safe to repeat",
    usage: 'npm run lambda -- launch <env> --type TYPE --region REGION --user-data FILE [options]',
    options: {
      type: { type: 'string', value: 'TYPE', help: 'instance type, such as gpu_1x_a10' },
      region: {
        type: 'string',
        multiple: true,
        value: 'REGION',
        help: 'where it may be; several are tried in the order given',
      },
      'user-data': { type: 'string', value: 'FILE', help: 'cloud-config, plain text of at most 1 MB' },
      tag: {
        type: 'string',
        multiple: true,
        value: 'KEY=VALUE',
        help: 'one more tag; those by which a host is ended cannot be set',
      },
      'ssh-key': {
        type: 'string',
        value: 'NAME',
        help: 'key of the account that may log in (default: one that nobody has)',
      },
      image: { type: 'string', value: 'FAMILY', help: "image family (default: the vendor's latest)" },
      'wait-for-capacity': {
        type: 'string',
        value: 'MINUTES',
        help: 'how long to wait for a region with capacity (default 0)',
      },
      'price-cap-usd': {
        type: 'string',
        value: 'USD',
        help: 'the most that the run may cost at the price of today (default: run.priceCapUsd)',
      },
    },
    positionals: ['<env>'],
  },
  async ({ values, positionals: [name] }, out) => {
    const env = loadEnvironment(name!);
    const waitFor = values['wait-for-capacity'];
    const options = {
      host: hostIdentity(namesOf(env).prefix),
      instanceType: required('type', values.type),
      regions: [...new Set(required('region', values.region))],
      userData: readUserData(required('user-data', values['user-data'])),
      tags: { ...parseTags(values.tag ?? []), ...hostTags(env) },
      ingress: hostIngress(env.network),
      sshKeyName: values['ssh-key'],
      imageFamily: values.image,
      waitForCapacityMinutes: numberOption('wait-for-capacity', waitFor, 0, MAX_DEADLINE_MINUTES),
      timeLimitMinutes: env.run.timeLimitMinutes,
      priceCapUsd:
        numberOption('price-cap-usd', values['price-cap-usd'], 0.01, 10_000) ?? env.run.priceCapUsd,
      progress: out.progress,
    };
    const api = openApi();
    const host = await interruptible(out, (signal) => launchHost(api, { ...options, signal }));
    const { id, region, instanceType, status, ip, usdPerHour, upperBoundUsd, launched } = host;
    const where = `${id}, ${instanceType} in ${region}, at most $${upperBoundUsd.toFixed(2)}`;
    out.print(launched ? `launched ${where}` : `there already: ${where}`);
    out.result({
      ...{ environment: env.name, id, region, instanceType, status, ip },
      ...{ usdPerHour, upperBoundUsd, launched },
    });
  },
);

function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new CliError(`missing option --${name}; see --help`, 2);
  return value;
}

function parseTags(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new CliError(`--tag: '${pair}'; allowed: KEY=VALUE`, 2);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function readUserData(path: string): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > LAMBDA_CLOUD_LIMIT_BYTES)
      throw new CliError(
        `--user-data: ${path} has ${size} bytes; allowed: at most ${LAMBDA_CLOUD_LIMIT_BYTES}`,
      );
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`--user-data: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(`--user-data: ${path} is not UTF-8 text; allowed: plain text, not packed`);
  }
}
