import type { LambdaInstance } from './answers';
import { instanceTable, typeTable } from './tables';

const NOW = Date.parse('2026-06-17T13:05:00Z');
const host: LambdaInstance = {
  id: '0920582c7ff041399e34823a0be62549',
  name: 'he300-dev-gpu-host',
  ip: undefined,
  status: 'booting',
  region: 'us-west-1',
  instanceType: 'gpu_1x_a10',
  usdPerHour: 0.75,
  tags: { 'he300:environment': 'he300-dev', 'he300:time-limit-minutes': '120' },
  launchedAt: new Date('2026-06-17T12:00:00Z'),
  terminable: true,
};

test('no instances, no lines', () => expect(instanceTable([], NOW)).toEqual([]));

test('an instance is a row, and what it does not tell is marked', () => {
  const bare = { ...host, id: 'x', name: undefined, tags: {}, launchedAt: undefined };
  expect(instanceTable([host, bare], NOW)).toEqual([
    'environment  id                                name                region     type        status   age  limit  price',
    'he300-dev    0920582c7ff041399e34823a0be62549  he300-dev-gpu-host  us-west-1  gpu_1x_a10  booting  65m  120m   $0.75/h',
    '-            x                                 -                   us-west-1  gpu_1x_a10  booting  ?    -      $0.75/h',
  ]);
});

test('types come by their price, with the regions that have one', () => {
  const types = [
    { name: 'gpu_8x', description: '8x', usdPerHour: 15.92, freeRegions: [] },
    { name: 'gpu_1x_a10', description: '1x A10', usdPerHour: 0.75, freeRegions: ['us-west-1', 'us-east-1'] },
  ];
  expect(typeTable(types)).toEqual([
    'type        price     free in               what it is',
    'gpu_1x_a10  $0.75/h   us-west-1, us-east-1  1x A10',
    'gpu_8x      $15.92/h  -                     8x',
  ]);
});
