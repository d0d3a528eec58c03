import { Command } from 'commander';
import { SHARE_HELP, shareOptions } from '../share-options';
import type { Streams } from '../run';

interface ReportOptions {
  readonly html?: string | false;
  readonly anonymize?: boolean;
  readonly withoutTexts?: boolean;
  readonly withoutPrices?: boolean;
}

export function reportCommand(io: Streams): Command {
  const command = new Command('report')
    .description('prints the report of a run on one page, and writes it as HTML with plots')
    .argument('<path>', 'directory of a run, or its results.json')
    .option('--html <file>', 'where the HTML goes (default: report.html in the directory)')
    .option('--no-html', 'prints only');
  for (const option of shareOptions()) command.addOption(option);
  return command
    .addHelpText('after', SHARE_HELP)
    .action(async (path: string, { html, ...options }: ReportOptions) => {
      const [{ verify }, { shown }, { textReport }, { writeHtmlReport }] = await Promise.all([
        import('../../run/verify'),
        import('../../share/share'),
        import('../../report/text'),
        import('../../report/write-html'),
      ]);
      const run = shown(verify(path), options);
      io.stdout(textReport(run));
      if (html === false) return;
      const written = await writeHtmlReport(run, path, html);
      if (written) io.stderr(`he300: wrote ${written.file}${written.note}\n`);
    });
}
