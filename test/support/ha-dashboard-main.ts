/** The app of a `dev` whose dashboard is of the tier `ha`, as `main.ts` would make it. */
import { App } from 'cdktf';
import { buildReaperZip } from '../../constructs/lifetime/reaper/package';
import { enforcePolicy } from '../../constructs/policy';
import { linkProviderMirror } from '../../ops/lib/provider-mirror';
import { DashboardStack } from '../../stacks/dashboard-stack';
import { PlatformStack } from '../../stacks/platform-stack';
import { haDev } from './dashboards';

// One that the emulator has, as the balancer asks for it.
const certificateArn = process.env.HE300_TEST_CERTIFICATE;
const environment = haDev(certificateArn === undefined ? {} : { certificateArn });
const { dashboard } = environment;
if (dashboard.tier !== 'ha') throw new Error(dashboard.tier);
const app = new App();
enforcePolicy(new PlatformStack(app, { environment, reaperZip: buildReaperZip() }));
const archive = () => {
  throw new Error('containers need no archive');
};
enforcePolicy(new DashboardStack(app, { environment, dashboard, archive }));
app.synth();
linkProviderMirror(app.outdir);
