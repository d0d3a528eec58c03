import { environmentOfRun } from '../constructs/naming/names';
import { loadEnvironment } from '../environments';
import { CliError, runCli } from './lib/cli';
import { launch } from './lib/launch';
import { preflight } from './lib/preflight';

runCli(
  {
    name: 'launch',
    summary:
      'launches a run: checks what it needs, then deploys candidate by candidate, under the price cap, until one has capacity',
    usage: 'npm run launch -- <env> [options]',
    options: {
      candidate: { type: 'string', value: 'N', help: 'only this candidate, counted from 0' },
      resume: { type: 'string', value: 'RUN', help: 'continue that run instead of beginning one' },
    },
    positionals: ['<env>'],
  },
  async ({ values, positionals: [name] }, out) => {
    const env = loadEnvironment(name!);
    if (values.resume && environmentOfRun(values.resume) !== env.name) {
      throw new CliError(
        `--resume: '${values.resume}'; allowed: the id of a run of ${env.name}, ${env.name}-<instance id>`,
        2,
      );
    }
    await preflight(env);
    const result = await launch(env, {
      only: values.candidate,
      resumeRunId: values.resume,
      progress: out.progress,
    });
    out.print(
      result.launched
        ? `launched ${result.runId} on ${result.candidate}`
        : `${result.runId} is in flight on ${result.candidate}; nothing was launched`,
    );
    out.result({ environment: env.name, ...result });
  },
);
