/** A page as the DCGM exporter's documentation describes it: names and help of its counters file, and its labels. */
export interface DcgmDoubleGpu {
  readonly gpu: number;
  /** By the name of the field. */
  readonly fields: Readonly<Record<string, number | string>>;
  /** Of one instance of a GPU that is split. @default - it is whole */
  readonly instance?: number;
}

/** What an A10G under load may look like. */
export const A10G_FIELDS = {
  DCGM_FI_PROF_SM_ACTIVE: 0.91,
  DCGM_FI_PROF_DRAM_ACTIVE: 0.72,
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: 0.18,
  DCGM_FI_DEV_GPU_UTIL: 100,
  DCGM_FI_DEV_FB_USED: 18231,
  DCGM_FI_DEV_POWER_USAGE: 143.5,
  DCGM_FI_DEV_SM_CLOCK: 1320,
  DCGM_FI_DEV_MEM_CLOCK: 6251,
  DCGM_FI_DEV_GPU_TEMP: 63,
  DCGM_FI_DEV_CLOCKS_EVENT_REASONS: 4,
} as const;

export function dcgmPage(gpus: readonly DcgmDoubleGpu[]): string {
  const names = [...new Set(gpus.flatMap(({ fields }) => Object.keys(fields)))];
  return names
    .flatMap((name) => [
      `# HELP ${name} Of the counters file.`,
      `# TYPE ${name} gauge`,
      ...gpus
        .filter(({ fields }) => name in fields)
        .map(({ gpu, fields, instance }) => {
          const split = instance === undefined ? '' : `,GPU_I_PROFILE="1g.6gb",GPU_I_ID="${instance}"`;
          return `${name}{gpu="${gpu}",UUID="GPU-a6158b59-2c1e-1e63-0068-9178c429${gpu}",pci_bus_id="00000000:00:1E.0",device="nvidia${gpu}",modelName="NVIDIA A10G"${split},Hostname="host",DCGM_FI_DRIVER_VERSION="550.90.07"} ${fields[name]}`;
        }),
    ])
    .join('\n')
    .concat('\n');
}
