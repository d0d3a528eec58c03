import { CliError, runCli } from './lib/cli';
import { COMMANDS } from './lib/lambda-cloud/commands';

const names = Object.keys(COMMANDS).join(', ');
const [, , name = ''] = process.argv;

if (Object.hasOwn(COMMANDS, name)) {
  COMMANDS[name]!.run();
} else {
  runCli(
    {
      name: 'lambda',
      summary: `hosts on Lambda Cloud: ${names}; the key comes from LAMBDA_CLOUD_API_KEY`,
      usage: 'npm run lambda -- <command> [options], each with its own --help',
      positionals: ['<command>'],
    },
    async ({ positionals: [command] }) => {
      throw new CliError(`unknown command '${command}'; allowed: ${names}`, 2);
    },
  );
}
