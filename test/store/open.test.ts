import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { appendAudit } from '../../src/store/audit.ts';
import { openStore } from '../../src/store/open.ts';
import { tidyHourly } from '../../src/store/tidy.ts';
import { freshDatabase } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { eachStore, openTestStore } from '../support/stores.ts';

const clockShiftMs = () => 0;

describe('a store', () => {
  eachStore((under) => {
    it('gives bigint as text, timestamptz as Date and jsonb as a value', async () => {
      const { rows } = await sql`
        select 9007199254740993::bigint as big, timestamptz '2026-01-02T03:04:05.678Z' as at, '{"a":[1]}'::jsonb as json
      `.execute(under.store().db);
      expect(rows).toEqual([{ big: '9007199254740993', at: new Date('2026-01-02T03:04:05.678Z'), json: { a: [1] } }]);
    });

    it('keeps nothing of a transaction that throws', async () => {
      const { db } = under.store();
      const work = under.store().transaction(async (tx) => {
        await tx.insertInto('instances').values({ address: 'https://gone.example', created_at: new Date() }).execute();
        throw new Error('no');
      });
      await expect(work).rejects.toThrow('no');
      expect(await db.selectFrom('instances').selectAll().execute()).toEqual([]);
    });

    it('does not commit a transaction in which a failure was passed over, and says so', async () => {
      const { db } = under.store();
      const work = under.store().transaction(async (tx) => {
        await tx.insertInto('instances').values({ address: 'https://lost.example', created_at: new Date() }).execute();
        await expect(sql`select 1 / 0`.execute(tx)).rejects.toThrow('division by zero');
      });
      await expect(work).rejects.toThrow('rolled back instead of committed');
      expect(await db.selectFrom('instances').selectAll().execute()).toEqual([]);
    });

    it('refuses a query beside an open transaction at once instead of waiting for ever', async () => {
      const store = under.store();
      const beside = store.transaction(async () => store.db.selectFrom('keys').selectAll().execute());
      await expect(beside).rejects.toThrow('use only its own `tx`');
      const nested = store.transaction(() => store.transaction(() => Promise.resolve()));
      await expect(nested).rejects.toThrow('use only its own `tx`');
    });

    it('tells the time inside a transaction, and shifted as asked', async () => {
      const store = under.store();
      const before = await store.clock.now();
      under.shiftClock(3_600_000);
      const after = await store.transaction(() => store.clock.now());
      under.shiftClock(-3_600_000);
      expect(after.getTime() - before.getTime()).toBeGreaterThanOrEqual(3_600_000);
      expect(after.getTime() - before.getTime()).toBeLessThan(3_660_000);
      expect(store.databaseTime(after)).toEqual(after);
    });

    it('keeps queries of others out of a transaction', async () => {
      const store = under.store();
      const halfway = Promise.withResolvers<undefined>();
      const inside = store.transaction(async (tx) => {
        await tx.insertInto('instances').values({ address: 'https://half.example', created_at: new Date() }).execute();
        halfway.resolve(undefined);
        await sql`select pg_sleep(0.05)`.execute(tx);
        throw new Error('rolled back');
      });
      await halfway.promise;
      const outside = store.db.selectFrom('instances').selectAll().execute();
      await expect(inside).rejects.toThrow('rolled back');
      expect(await outside).toEqual([]);
    });
  });
});

describe('the embedded store', () => {
  it('is tidied again and again while it serves, and no longer after it is stopped', async () => {
    const store = await openTestStore({ clockShiftMs });
    if (store.engine.kind !== 'embedded') throw new Error('Not embedded.');
    const faults: string[] = [];
    const texts: string[] = [];
    const { sql: raw } = store.engine;
    const twice = Promise.withResolvers<undefined>();
    const watched = {
      ...raw,
      async run(text: string, values: unknown[]) {
        const rows = await raw.run(text, values);
        if (texts.push(text) === 2) twice.resolve(undefined);
        return rows;
      },
    };
    const tidying = tidyHourly({ sql: watched, onError: (message) => faults.push(message), everyMs: 5 });
    await twice.promise;
    tidying.stop();
    await store.close();
    expect(new Set(texts)).toEqual(new Set(['vacuum analyze']));
    expect(faults).toEqual([]);
  });
});

describe('the store in a folder', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-store-'));
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('has after a restart what was there before', async () => {
    const first = await openStore({ dataDir, databaseUrl: null, clockShiftMs });
    await first.transaction((tx) => appendAudit(tx, new Date(), { actor: 'a', action: 'b', summary: 'kept' }));
    await first.close();
    const second = await openStore({ dataDir, databaseUrl: null, clockShiftMs });
    const rows = await second.db.selectFrom('audit_events').select('summary').execute();
    await second.close();
    expect(rows).toEqual([{ summary: 'kept' }]);
  }, 120_000);

  it('is opened by one at a time, and is free again after close', async () => {
    const first = await openStore({ dataDir, databaseUrl: null, clockShiftMs });
    await expect(openStore({ dataDir, databaseUrl: null, clockShiftMs })).rejects.toThrow('The folder is in use');
    await first.close();
    const again = await openStore({ dataDir, databaseUrl: null, clockShiftMs });
    await again.close();
  });

  it('answers a query after close with an error', async () => {
    const store = await openStore({ dataDir, databaseUrl: null, clockShiftMs });
    await store.close();
    await expect(store.db.selectFrom('keys').selectAll().execute()).rejects.toThrow();
  });
});

describe('the store on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  }, 120_000);
  afterAll(() => database.drop());

  it('is made once when several processes start at once on an empty database', async () => {
    const options = { dataDir: null, databaseUrl: database.url, clockShiftMs };
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(options)));
    const [first] = stores;
    const heads = await first?.db.selectFrom('audit_head').selectAll().execute();
    await Promise.all(stores.map((store) => store.close()));
    expect(heads).toHaveLength(1);
  });

  it('says what to do when the server cannot be reached', async () => {
    const opening = openStore({ dataDir: null, databaseUrl: 'postgresql://nobody@127.0.0.1:1/none', clockShiftMs });
    await expect(opening).rejects.toThrow(/cannot be reached \(.*ECONNREFUSED.*\)\. Check DATABASE_URL/);
  });

  it('says what to do when the tables are those of a newer version', async () => {
    const store = await openStore({ dataDir: null, databaseUrl: database.url, clockShiftMs });
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '')`.execute(store.db);
    await store.close();
    const opening = openStore({ dataDir: null, databaseUrl: database.url, clockShiftMs });
    await expect(opening).rejects.toThrow('written by a newer version');
  });
});
