/** What the store answers, whichever database it stands in: one suite for all of them. */
import type { Store } from '../database';
import { migrate } from '../migrate';
import { comparisonsContract } from './comparisons';
import { modelsContract } from './models';
import { runsContract } from './runs';
import { samplesContract } from './samples';

/** @param open gives a store without tables, for each test another */
export function storeContract(open: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await open();
    await migrate(store);
  });
  afterEach(() => store.db.destroy());

  test('tables are made once', async () => {
    expect(await migrate(store)).toEqual([]);
  });

  describe('runs', () => runsContract(() => store));
  describe('samples', () => samplesContract(() => store));
  describe('comparisons', () => comparisonsContract(() => store));
  describe('models', () => modelsContract(() => store));
}
