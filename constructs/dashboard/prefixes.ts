/** Where the dashboard's objects lie in the artifact bucket. */
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';

/** Files of runs that were uploaded to it. */
export const DASHBOARD_ARTIFACTS = 'dashboard/artifacts';
/** Copies of its database, where that is SQLite. */
export const DASHBOARD_BACKUPS = 'dashboard/backups';

/** As `HE300_ARTIFACTS` names it. */
export const dashboardArtifacts = (env: Environment): string =>
  `s3://${namesOf(env).artifactBucket}/${DASHBOARD_ARTIFACTS}`;
