/** The project's `main.ts` for the one environment that a test makes up: it stands in the file that HE300_TEST_ENVIRONMENT names. */
import { App } from 'cdktf';
import { readFileSync } from 'node:fs';
import { enforcePolicy } from '../../../constructs/policy';
import { buildReaperZip } from '../../../constructs/lifetime/reaper/package';
import { checkEnvironment } from '../../../environments/check';
import { resumeRequest } from '../../../environments/resume';
import { buildRunnerBundle } from '../../../ops/lib/bundle';
import { linkProviderMirror } from '../../../ops/lib/provider-mirror';
import { BenchHostStack } from '../../../stacks/bench-host-stack';
import { PlatformStack } from '../../../stacks/platform-stack';

const file = process.env['HE300_TEST_ENVIRONMENT']!;
const environment = checkEnvironment(file, JSON.parse(readFileSync(file, 'utf8')));
const resume = resumeRequest(process.env['HE300_RESUME'], [environment.name]);
const app = new App();
enforcePolicy(new PlatformStack(app, { environment, reaperZip: buildReaperZip() }));
enforcePolicy(
  new BenchHostStack(app, { environment, bundle: buildRunnerBundle(), resumeRunId: resume?.runId }),
);
app.synth();
linkProviderMirror(app.outdir);
