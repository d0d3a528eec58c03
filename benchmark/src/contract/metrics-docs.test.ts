import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performanceWindow, saturation } from './performance';
import { clientTelemetry, gpuTelemetry, hostTelemetry, serverTelemetry } from './telemetry';

const METRICS = readFileSync(join(__dirname, '../../../docs/metrics.md'), 'utf8');

/** Of a window: how long it was and how much there was to measure. */
const PLAIN = ['seconds', 'requests', 'errors'];
/** Of a GPU: which one it is. */
const NAMES = ['index', 'name'];

test.each([
  ...Object.keys(performanceWindow.shape).filter((field) => !PLAIN.includes(field)),
  ...Object.keys(clientTelemetry.shape).map((field) => `client.${field}`),
  ...Object.keys(hostTelemetry.shape).map((field) => `host.${field}`),
  ...Object.keys(serverTelemetry.shape)
    .filter((field) => field !== 'kind')
    .map((field) => `server.${field}`),
  ...Object.keys(gpuTelemetry.shape).filter((field) => !NAMES.includes(field)),
  ...saturation.shape.verdict.options,
  ...['evidence', 'warnings', 'unknowns', 'slotsSeen', 'chosenConcurrency'],
])('docs/metrics.md says what %s is', (name) => {
  expect(METRICS).toMatch(new RegExp(`\`(gpus\\[\\]\\.)?${name.replace('.', '\\.')}\``));
});
