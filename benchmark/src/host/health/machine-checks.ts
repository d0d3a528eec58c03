/** Disk, memory and GPU. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { GpuProfile } from '../../contract/gpu-profile';
import type { Run } from '../commands';
import { below, type Finding } from './check';

const GIB = 1024 ** 3;
const percent = (part: number): string => `${Math.round(part * 100)} %`;

/** @param path on the disk that the host keeps everything on */
export async function diskCheck(path: string): Promise<Finding> {
  const { blocks, bavail, bsize } = await statfs(path);
  const part = blocks === 0 ? 0 : bavail / blocks;
  const label = { labels: { path } };
  return {
    check: 'disk',
    status: below(part, { warn: 0.15, fail: 0.03 }),
    message: `${percent(part)} free of ${((blocks * bsize) / GIB).toFixed(1)} GiB`,
    gauges: [
      { name: 'disk_free_bytes', help: 'Room on the disk.', value: bavail * bsize, ...label },
      { name: 'disk_size_bytes', help: 'Size of the disk.', value: blocks * bsize, ...label },
    ],
  };
}

/** @param meminfo text of proc_meminfo(5) */
export function memoryCheck(meminfo: string = readFileSync('/proc/meminfo', 'utf8')): Finding {
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? 0) * 1024;
  const [total, available] = [bytes('MemTotal'), bytes('MemAvailable')];
  const part = total === 0 ? 0 : available / total;
  return {
    check: 'memory',
    status: below(part, { warn: 0.1, fail: 0.03 }),
    message: `${percent(part)} available of ${(total / GIB).toFixed(1)} GiB`,
    gauges: [
      { name: 'memory_available_bytes', help: 'Memory that programs can still get.', value: available },
      { name: 'memory_size_bytes', help: 'Memory of the host.', value: total },
    ],
  };
}

const QUERY = ['index', 'name', 'temperature.gpu', 'memory.used', 'memory.total'] as const;

/** @param profile of the GPU that the host should have; undefined where it should have none */
export async function gpuCheck(run: Run, profile: GpuProfile | undefined): Promise<Finding> {
  const expected = profile !== undefined && profile.names.length > 0;
  const query = [`--query-gpu=${QUERY.join(',')}`, '--format=csv,noheader,nounits'];
  const { code, stdout, stderr } = await run('nvidia-smi', ...query);
  const gpus = stdout
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => cells.length === QUERY.length);
  if (code !== 0 || gpus.length === 0) {
    const message = expected ? `no GPU answers: ${stderr.trim().split('\n').at(-1)}` : 'none here';
    return { check: 'gpu', status: expected ? 'fail' : 'ok', message, gauges: [] };
  }
  const gauges = gpus.flatMap(([gpu, , temperature, used, total]) => {
    const labels = { gpu: gpu! };
    const mib = (text: string | undefined): number => Number(text) * 1024 ** 2;
    return [
      {
        name: 'gpu_temperature_celsius',
        help: 'Temperature of the GPU.',
        value: Number(temperature),
        labels,
      },
      { name: 'gpu_memory_used_bytes', help: 'Memory of the GPU that is in use.', value: mib(used), labels },
      { name: 'gpu_memory_size_bytes', help: 'Memory of the GPU.', value: mib(total), labels },
    ].filter(({ value }) => Number.isFinite(value));
  });
  return { check: 'gpu', status: 'ok', message: gpus.map(([, name]) => name).join(', '), gauges };
}
