import { Command, Option } from 'commander';
import { type SampleOptions, sampleOptions } from '../options';
import type { Streams } from '../run';

interface SampleCommandOptions extends SampleOptions {
  readonly format: 'ids' | 'json';
}

export function sampleCommand(io: Streams): Command {
  const command = new Command('sample')
    .description('prints the scenarios that a run asks, in their order')
    .addOption(
      new Option('--format <format>', 'ids: one a line; json: the scenarios')
        .choices(['ids', 'json'])
        .default('ids'),
    )
    .action(async ({ spec, seed, dataset, format }: SampleCommandOptions) => {
      const { readDataset } = await import('../../dataset');
      const { drawSample } = await import('../../sampling/draw');
      const sample = drawSample(readDataset(spec, dataset).scenarios, spec, seed);
      io.stdout(
        format === 'json'
          ? `${JSON.stringify(sample, null, 1)}\n`
          : sample.map(({ id }) => `${id}\n`).join(''),
      );
    });
  for (const option of sampleOptions()) command.addOption(option);
  return command;
}
