import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { listAudit } from '../src/store/audit-reads.ts';
import { appendAudit } from '../src/store/audit.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { freshDatabase } from './support/postgres.ts';
import { openTestStore } from './support/stores.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-audit-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { code: number; out: string; err: string };

/** Runs the command as `npm run audit:verify` does. */
function verify(environment: Record<string, string>, ...options: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...environment };
    const child = execFile(process.execPath, ['src/audit-verify.ts', ...options], { env }, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

async function append(store: Store, count: number): Promise<string> {
  await store.transaction(async (tx) => {
    for (let n = 0; n < count; n += 1) {
      await appendAudit(tx, new Date(), { actor: 'ana', action: 'grant.create', summary: 'Granted', details: { n } });
    }
  });
  return (await listAudit(store.db, {}, { first: 1, beforeSequence: null })).events[0]?.hash ?? '';
}

describe('audit:verify', () => {
  it('on PostgreSQL: verifies beside a running gateway, and ends with 1 and the first bad sequence number when broken', async () => {
    const database = await freshDatabase();
    const DATABASE_URL = database.url;
    expect(await verify({ DATABASE_URL })).toMatchObject({ code: 2, err: expect.stringContaining('no store') });
    const store = await openStore({ dataDir: null, databaseUrl: database.url, clockShiftMs: () => 0 });
    try {
      const head = await append(store, 3);
      const whole = await verify({ DATABASE_URL }, '--expect-head', head);
      expect(whole).toEqual({ code: 0, out: `The audit chain is whole: 3 events, head ${head}\n`, err: '' });
      await sql`update audit_events set summary = 'Nothing' where sequence = 2`.execute(store.db);
      const broken = await verify({ DATABASE_URL });
      expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('broken at sequence 2') });
    } finally {
      await store.close();
      await database.drop();
    }
  }, 120_000);

  it('on the embedded store: says whose it is while a gateway runs on it, and verifies once that has ended', async () => {
    const DATA_DIR = path.join(folder, 'data');
    const store = await openTestStore({ clockShiftMs: () => 0, dataDir: DATA_DIR });
    const head = await append(store, 2);
    expect(await verify({ DATA_DIR })).toMatchObject({ code: 2, out: '', err: expect.stringContaining('in use') });
    await store.close();
    expect(await verify({ DATA_DIR })).toEqual({
      code: 0,
      out: `The audit chain is whole: 2 events, head ${head}\n`,
      err: '',
    });
    const other = await verify({ DATA_DIR }, '--expect-head', 'a'.repeat(64));
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining('broken at sequence 3') });
  }, 120_000);

  it('makes no store where there is none, and says what is wrong with its options', async () => {
    const DATA_DIR = path.join(folder, 'nothing');
    expect(await verify({ DATA_DIR })).toMatchObject({ code: 2, err: expect.stringContaining('DATA_DIR') });
    expect(readdirSync(folder)).not.toContain('nothing');
    expect(await verify({ DATA_DIR }, '--expect-head', 'abc')).toMatchObject({
      code: 2,
      err: expect.stringContaining('64'),
    });
  }, 60_000);
});
