import { openAsBlob } from 'node:fs';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { askDesk } from './desk.ts';
import { freshDatabase } from './postgres.ts';
import type { TestDatabase } from './postgres.ts';

export type StoreUnderTest = {
  /** The open store; only inside hooks and tests. */
  store(): Store;
  kind: Store['kind'];
  /** Moves the store's clock by so much; it starts unshifted. */
  shiftClock(byMs: number): void;
};

/** A new embedded store, in memory or in `dataDir`, that begins as a copy of an empty one: much faster than making it. */
export async function openTestStore(options: { clockShiftMs: () => number; dataDir?: string }): Promise<Store> {
  const { clockShiftMs, dataDir = null } = options;
  return openStore({ dataDir, databaseUrl: null, clockShiftMs, template: await embeddedTemplate() });
}

/** For `openStore`'s `template`. */
export async function embeddedTemplate(): Promise<Blob> {
  return openAsBlob(await askDesk('/embedded'));
}

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
    const clockShiftMs = () => shiftMs;
    const store =
      database === null
        ? await openTestStore({ clockShiftMs })
        : await openStore({ dataDir: null, databaseUrl: database.url, clockShiftMs });
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
