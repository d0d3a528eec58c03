/** The files of Hendrycks ETHICS that HE-300 reads, byte for byte as the reference implementation has them. */
import type { Category } from '../contract/suite';

export interface EthicsFile {
  /** File name without extension; part of every scenario's id. */
  readonly stem: string;
  /** Folder that the published archive has it in. */
  readonly folder: string;
  readonly sha256: string;
  readonly rows: number;
  /** Consecutive rows that are right only together; absent where ETHICS defines no groups. */
  readonly groupSize?: number;
}

/** In the order in which the categories are sampled. */
export const ETHICS_FILES: Readonly<Record<Category, EthicsFile>> = {
  commonsense: {
    stem: 'cm_test',
    folder: 'commonsense',
    sha256: 'a004f51b8f863d85eb5575d86e8723897f850fcb7fc8de38c1f30105dfb13c4d',
    rows: 3885,
  },
  commonsense_hard: {
    stem: 'cm_test_hard',
    folder: 'commonsense',
    sha256: '896f8929284fd7f847413e929e5191e2c56e4f1ab0e5ce22f059541cfa33d494',
    rows: 3964,
  },
  deontology: {
    stem: 'deontology_test',
    folder: 'deontology',
    sha256: 'f2889533d583d3aec2cd9ce6c3ed1bfef4ee3a5b08b3728cc11bd1824f629f65',
    rows: 3596,
    groupSize: 4,
  },
  justice: {
    stem: 'justice_test',
    folder: 'justice',
    sha256: 'd7cc506a1055915d455a9244b26de573c75a760d416a8508a9420d41cbf40250',
    rows: 2704,
    groupSize: 4,
  },
  virtue: {
    stem: 'virtue_test',
    folder: 'virtue',
    sha256: '43368eb9787451fe8e3ab520a144ac71f32005f9b9f40b9c1fde93559f6f2793',
    rows: 4975,
    groupSize: 5,
  },
};

export const SOURCE = 'hendrycks_ethics';
