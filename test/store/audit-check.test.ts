import { beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { GENESIS, checkChain } from '../../src/store/audit-check.ts';
import { appendAudit } from '../../src/store/audit.ts';
import { eachStore } from '../support/stores.ts';

const AT = new Date('2026-03-01T12:00:00.123Z');

describe('checking the audit chain', () => {
  eachStore((under) => {
    const append = async (count: number): Promise<string[]> => {
      await under.store().transaction(async (tx) => {
        for (let n = 0; n < count; n += 1) {
          await appendAudit(tx, AT, { actor: 'ana', action: 'grant.create', summary: 'Granted', details: { n } });
        }
      });
      const rows = await under.store().db.selectFrom('audit_events').select('hash').orderBy('sequence').execute();
      return rows.slice(-count).map(({ hash }) => hash);
    };
    const run = (text: string) => sql.raw(text).execute(under.store().db);
    const check = (expectHead: string | null = null) => checkChain(under.store().db, { expectHead });

    beforeEach(async () => {
      await run('truncate audit_events');
      await run(`update audit_head set sequence = 0, hash = repeat('0', 64)`);
    });

    it('tells the length and the head of a whole chain, over pages and while events are appended', async () => {
      expect(await check()).toEqual({ whole: true, events: 0n, head: GENESIS });
      await append(520);
      const [found, appended] = await Promise.all([check(), append(1)]);
      if (!found.whole) throw new Error(found.why);
      expect([520n, 521n]).toContain(found.events);
      expect(await check(found.head)).toEqual({ whole: true, events: 521n, head: appended[0] });
    });

    it.each([
      ['a row that was changed', `update audit_events set summary = 'x' where sequence = 2`, 2n, 'changed'],
      ['a row that was deleted', `delete from audit_events where sequence = 2`, 2n, 'missing'],
      [
        'rows that changed places',
        `update audit_events set sequence = case sequence when 2 then -3 else -2 end where sequence in (2, 3)`,
        2n,
        'follow',
      ],
      ['a row that no version writes', `update audit_events set details = '[]' where sequence = 3`, 3n, 'read'],
      ['rows cut off at the end', `delete from audit_events where sequence > 2`, 3n, 'ends'],
      ['the note of the end gone', `delete from audit_head`, 5n, 'note'],
    ])('names the first bad sequence number of %s', async (_what, tampering, firstBad, why) => {
      await append(4);
      await run(tampering);
      await run('update audit_events set sequence = -sequence where sequence < 0');
      expect(await check()).toEqual({ whole: false, firstBad, why: expect.stringContaining(why) });
      await run(`insert into audit_head (id, sequence, hash) values (1, 0, repeat('0', 64)) on conflict do nothing`);
    });

    it('a chain that was cut off with its note and continued is whole to itself, and broken to whoever kept a head', async () => {
      const [, second, , fourth] = await append(4);
      await run('delete from audit_events where sequence > 2');
      await run(`update audit_head set sequence = 2, hash = '${second ?? ''}'`);
      await append(3);
      expect(await check()).toMatchObject({ whole: true, events: 5n });
      expect(await check(second)).toMatchObject({ whole: true });
      expect(await check(fourth)).toEqual({ whole: false, firstBad: 6n, why: expect.stringContaining('cut off') });
    });
  });
});
