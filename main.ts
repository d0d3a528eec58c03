/** Reads the environments, makes each one's stacks, attaches the policy rules, synthesizes. */
import { App } from 'cdktf';
import { enforcePolicy } from './constructs/policy';
import { buildReaperZip } from './constructs/lifetime/reaper/package';
import { environmentNames, loadEnvironment } from './environments';
import { EnvironmentError } from './environments/check';
import { resumeRequest } from './environments/resume';
import { buildRunnerBundle } from './ops/lib/bundle';
import { buildDashboardArchive, type DashboardArchive } from './ops/lib/dashboard-archive';
import { linkProviderMirror } from './ops/lib/provider-mirror';
import { buildVaultVmProgram } from './ops/lib/vault-vm-program';
import { BenchHostStack } from './stacks/bench-host-stack';
import { DashboardStack } from './stacks/dashboard-stack';
import { PlatformStack } from './stacks/platform-stack';
import { VaultServerStack } from './stacks/vault-server-stack';
import { VaultStack } from './stacks/vault-stack';

try {
  const resume = resumeRequest(process.env.HE300_RESUME, environmentNames);
  const app = new App();
  const bundle = buildRunnerBundle();
  const reaperZip = buildReaperZip();
  let built: DashboardArchive | undefined;
  const archive = (): DashboardArchive => (built ??= buildDashboardArchive());
  for (const name of environmentNames) {
    const environment = loadEnvironment(name);
    enforcePolicy(new PlatformStack(app, { environment, reaperZip }));
    enforcePolicy(
      new BenchHostStack(app, {
        environment,
        bundle,
        candidate: process.env.HE300_CANDIDATE,
        resumeRunId: resume?.environment === name ? resume.runId : undefined,
      }),
    );
    const { dashboard, secrets } = environment;
    if (secrets.kind === 'vault') {
      enforcePolicy(new VaultStack(app, { environment, secrets }));
      const { server } = secrets;
      const program = buildVaultVmProgram;
      if (server) enforcePolicy(new VaultServerStack(app, { environment, secrets, server, program }));
    }
    if (dashboard.tier !== 'none')
      enforcePolicy(new DashboardStack(app, { environment, dashboard, archive }));
  }
  app.synth();
  linkProviderMirror(app.outdir);
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
