import type { TelemetrySeries } from '../../../api/telemetry';
import { nearest, stretches, telemetryPanels } from './telemetry-panels';

const nothing = [null, null];
const gpu = {
  index: 0,
  name: 'NVIDIA A10G',
  smActive: nothing,
  dramActive: nothing,
  tensorActive: nothing,
  utilization: [0.9, null],
  memoryMib: [9000, 9100],
  powerWatts: nothing,
  temperatureC: nothing,
};
const series: TelemetrySeries = {
  seconds: [0, 1],
  during: [null, 'scored'],
  client: { cpu: [0.1, 0.2], loopDelayP99Ms: nothing, memoryMib: [80, 81] },
  host: { cpu: [0.5, 0.6], memory: nothing },
  server: null,
  gpus: [gpu],
};

it('has a panel for what was told, and none for the rest', () => {
  expect(telemetryPanels(series).map(({ title, lines }) => [title, lines.map(({ label }) => label)])).toEqual(
    [
      ['GPU 0, NVIDIA A10G: busy', ['Any kernel running']],
      ['GPU memory', ['GPU 0']],
      ['Host', ['CPU']],
      ['Runner: CPU', ['In use']],
      ['Runner: memory', ['Resident']],
    ],
  );
});

it('draws a line a GPU, and its own panel of how busy each was', () => {
  const panels = telemetryPanels({ ...series, gpus: [gpu, { ...gpu, index: 1, name: null }] });
  expect(panels.slice(0, 3).map(({ title, lines }) => [title, lines.length])).toEqual([
    ['GPU 0, NVIDIA A10G: busy', 1],
    ['GPU 1: busy', 1],
    ['GPU memory', 2],
  ]);
});

it('tells what the run did when', () => {
  const seconds = [0, 1, 2, 3, 4, 5];
  const during = [null, 'load 1', 'load 1', 'load 2', null, 'scored'];
  expect(stretches({ seconds, during })).toEqual([
    { during: 'load 1', from: 0, to: 2 },
    { during: 'load 2', from: 2, to: 3 },
    { during: 'scored', from: 4, to: 5 },
  ]);
  expect(stretches({ seconds: [], during: [] })).toEqual([]);
});

it('finds the reading next to a time', () => {
  expect([-1, 0.4, 0.6, 9].map((at) => nearest([0, 1, 2], at))).toEqual([0, 0, 1, 2]);
});
