import type { Suite } from '../contract/suite';
import { readEthics, type Dataset } from './read-ethics';
import { readStarter } from './starter';

/** The scenarios that a specification samples from. @throws InputError when ETHICS is not in `directory` as pinned */
export const readDataset = (spec: Suite['spec'], directory: string): Dataset =>
  spec === 'starter' ? readStarter() : readEthics(directory);
