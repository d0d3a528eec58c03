/** What of a run leaves it: the options of the commands that show one to others. */
import { Option } from 'commander';

export const shareOptions = (): readonly Option[] => [
  new Option('--anonymize', 'without whatever tells who ran it, where and when'),
  new Option('--without-texts', 'without what scenarios, prompts, answers and errors say'),
  new Option('--without-prices', 'without prices and what was spent'),
];

export const SHARE_HELP = `
--anonymize takes out the run id (a pseudonym stands for it), actor, repository, branch, commit and pull request, host id
and region, the hour (dates and durations stay), the public key, directories of a model's file, and what servers said of
errors. It keeps the model, prompts, answers, scenarios, the kind of machine and prices: see the other two options.
A copy made so is not covered by the signature.
`;
