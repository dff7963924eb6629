import { afterAll, beforeAll, describe } from '@jest/globals';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { freshDatabase } from './postgres.ts';
import type { TestDatabase } from './postgres.ts';

export type StoreUnderTest = {
  /** The open store; only inside hooks and tests. */
  store(): Store;
  kind: Store['kind'];
  /** Moves the store's clock by so much; it starts unshifted. */
  shiftClock(byMs: number): void;
};

/** Runs a suite twice: on the embedded store in memory, and on a fresh database of a real PostgreSQL. */
export function eachStore(suite: (under: StoreUnderTest) => void): void {
  describe('on the embedded store', () => {
    suite(prepare('embedded'));
  });
  describe('on PostgreSQL', () => {
    suite(prepare('postgres'));
  });
}

function prepare(kind: Store['kind']): StoreUnderTest {
  let shiftMs = 0;
  let open: { store: Store; database: TestDatabase | null } | null = null;

  beforeAll(async () => {
    const database = kind === 'postgres' ? await freshDatabase() : null;
    const store = await openStore({ dataDir: null, databaseUrl: database?.url ?? null, clockShiftMs: () => shiftMs });
    open = { store, database };
  }, 120_000);

  afterAll(async () => {
    await open?.store.close();
    await open?.database?.drop();
  });

  return {
    kind,
    store() {
      if (open === null) throw new Error('The store is open only inside hooks and tests.');
      return open.store;
    },
    shiftClock(byMs) {
      shiftMs += byMs;
    },
  };
}
