import { storeContract } from './contract';
import { openStore } from './database';

describe('SQLite in memory', () => storeContract(async () => openStore({ path: ':memory:' })));
