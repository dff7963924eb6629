import { beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { findAudit, listAudit, verifyChain } from '../../src/store/audit-reads.ts';
import { appendAudit } from '../../src/store/audit.ts';
import type { AuditEvent } from '../../src/store/audit.ts';
import type { NewAuditEvent } from '../../src/store/store.ts';
import { eachStore } from '../support/stores.ts';

const AT = new Date('2026-03-01T12:00:00.123Z');

describe('the audit chain', () => {
  eachStore((under) => {
    const append = async (event: Partial<NewAuditEvent> = {}, at = AT): Promise<AuditEvent | undefined> => {
      await under
        .store()
        .transaction((tx) =>
          appendAudit(tx, at, { actor: 'ana', action: 'grant.create', summary: 'Granted', ...event }),
        );
      return (await listAudit(under.store().db, {}, { first: 1, beforeSequence: null })).events[0];
    };

    beforeEach(async () => {
      const { db } = under.store();
      await sql`truncate audit_events`.execute(db);
      await db
        .updateTable('audit_head')
        .set({ sequence: '0', hash: '0'.repeat(64) })
        .execute();
    });

    it('counts from 1 without a gap, each event holding the hash before', async () => {
      const first = await append();
      const second = await append({ details: { z: 1, a: [{ c: 1e21, b: -0 }], text: 'ü\u0000\ud800' } });
      expect([first?.sequence, second?.sequence]).toEqual(['1', '2']);
      expect(second?.previousHash).toBe(first?.hash);
      expect(await findAudit(under.store().db, '2')).toEqual(second);
      expect(await verifyChain(under.store().db)).toBeNull();
    });

    it('has no gap and no fork when many append at once', async () => {
      await Promise.all(Array.from({ length: 12 }, () => append()));
      const { events } = await listAudit(under.store().db, {}, { first: 100, beforeSequence: null });
      expect(events.map((event) => Number(event.sequence))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await verifyChain(under.store().db)).toBeNull();
    });

    // The embedded store has one connection: there transactions come one after the other anyway.
    if (under.kind === 'postgres') {
      it('is not held while a transaction works: another that began later ends first', async () => {
        const { promise: working, resolve: work } = Promise.withResolvers<undefined>();
        const slow = under.store().transaction(async (tx) => {
          await appendAudit(tx, AT, { actor: 'ana', action: 'grant.create', summary: 'slow' });
          await working;
        });
        expect(await append({ summary: 'quick' })).toMatchObject({ sequence: '1', summary: 'quick' });
        work(undefined);
        await slow;
        expect(await findAudit(under.store().db, '2')).toMatchObject({ summary: 'slow' });
        expect(await verifyChain(under.store().db)).toBeNull();
      });
    }

    it('has no event of a change that was rolled back', async () => {
      const failed = under.store().transaction(async (tx) => {
        await appendAudit(tx, AT, { actor: 'ana', action: 'grant.create', summary: 'Never happened' });
        throw new Error('rolled back');
      });
      await expect(failed).rejects.toThrow('rolled back');
      expect((await append())?.sequence).toBe('1');
    });

    it('verifies an empty chain, and one longer than a page of the check', async () => {
      expect(await verifyChain(under.store().db)).toBeNull();
      await under.store().transaction(async (tx) => {
        for (let i = 0; i < 1_001; i += 1) await appendAudit(tx, AT, { actor: 'a', action: 'b', summary: String(i) });
      });
      expect(await verifyChain(under.store().db)).toBeNull();
    });

    const tamperings: Record<string, { sql: string; first: string }> = {
      'a changed summary': { sql: `update audit_events set summary = 'Nothing' where sequence = 2`, first: '2' },
      'a changed detail': { sql: `update audit_events set details = '{"n":3}' where sequence = 2`, first: '2' },
      'a changed time': { sql: `update audit_events set at = at + interval '1 second' where sequence = 2`, first: '2' },
      'a changed actor': { sql: `update audit_events set actor = 'bob' where sequence = 3`, first: '3' },
      'an event taken out': { sql: `delete from audit_events where sequence = 2`, first: '2' },
      'a tail cut off': { sql: `delete from audit_events where sequence = 3`, first: '3' },
      'an event put in at the end': {
        sql: `insert into audit_events select 4, at, actor, action, grant_id, revocation_id, connection_id, summary,
          details, hash, hash from audit_events where sequence = 3`,
        first: '4',
      },
    };
    for (const [what, tampering] of Object.entries(tamperings)) {
      it(`shows ${what}`, async () => {
        for (const n of [1, 2, 3]) await append({ details: { n } });
        await sql.raw(tampering.sql).execute(under.store().db);
        expect(await verifyChain(under.store().db)).toBe(tampering.first);
      });
    }

    it('is listed newest first, in pages, with the count of all that match', async () => {
      for (let i = 0; i < 5; i += 1) await append();
      await append({ actor: 'bob' });
      const { db } = under.store();
      const first = await listAudit(db, { actor: 'ana' }, { first: 3, beforeSequence: null });
      expect(first.events.map((event) => event.sequence)).toEqual(['5', '4', '3']);
      expect(first).toMatchObject({ hasNextPage: true, totalCount: 5 });
      const second = await listAudit(db, { actor: 'ana' }, { first: 3, beforeSequence: '3' });
      expect(second.events.map((event) => event.sequence)).toEqual(['2', '1']);
      expect(second).toMatchObject({ hasNextPage: false, totalCount: 5 });
    });

    it('is narrowed by actor, action, grant, connection and time', async () => {
      const later = new Date(AT.getTime() + 60_000);
      await append();
      await append({ action: 'grant.end', grantId: '7', connectionId: '3' }, later);
      const { db } = under.store();
      const found = async (filter: Parameters<typeof listAudit>[1]) =>
        (await listAudit(db, filter, { first: 10, beforeSequence: null })).events.map((event) => event.sequence);
      expect(await found({ action: 'grant.end' })).toEqual(['2']);
      expect(await found({ grantId: '7' })).toEqual(['2']);
      expect(await found({ connectionId: '3', actor: 'ana' })).toEqual(['2']);
      expect(await found({ since: later })).toEqual(['2']);
      expect(await found({ until: later })).toEqual(['1']);
      expect(await found({ grantId: '8' })).toEqual([]);
      expect(await found({ actor: null, action: null })).toEqual(['2', '1']);
    });
  });
});
