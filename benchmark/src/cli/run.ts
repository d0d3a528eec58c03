/** What `he300` answers, apart from the process it runs in. */
import { version } from '../../package.json';

const HELP = `he300: scores a language model on HE-300

usage: he300 [options]

options:
  -h, --help  print this help
  --version   print the version
`;

export interface Streams {
  stdout(text: string): void;
  stderr(text: string): void;
}

const EXIT_USAGE = 2;

/** Returns the exit code. */
export function run(argv: readonly string[], io: Streams): number {
  const [first] = argv;
  switch (first) {
    case '--help':
    case '-h':
      io.stdout(HELP);
      return 0;
    case '--version':
      io.stdout(`${version}\n`);
      return 0;
    case undefined:
      io.stderr('he300: no command given; see --help\n');
      return EXIT_USAGE;
    default:
      io.stderr(`he300: unknown ${first.startsWith('-') ? 'option' : 'command'} '${first}'; see --help\n`);
      return EXIT_USAGE;
  }
}
