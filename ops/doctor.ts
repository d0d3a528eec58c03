import { runCli } from './lib/cli';
import { examine } from './lib/doctor';

runCli(
  {
    name: 'doctor',
    summary: 'says which external programs are used, and how to get those that are missing',
    usage: 'npx tsx ops/doctor.ts [options]',
  },
  async (_args, out) => {
    const findings = examine();
    for (const { name, found, missing } of findings)
      out.print(`${name.padEnd(15)} ${found ?? `missing: ${missing}`}`);
    out.result(findings);
  },
);
