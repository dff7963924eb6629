import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { dueKeys } from '../../src/store/due-keys.ts';
import { changeKey, lockKeyAt } from '../../src/store/ledger.ts';
import { bringStandingForward } from '../../src/store/standing.ts';
import { eachStore } from '../support/stores.ts';
import { newConnection } from './new-connection.ts';

const at = (minutes: number): Date => new Date(Date.parse('2030-03-01T00:00:00Z') + minutes * 60_000);
const NOW = at(100);
const PAUSED = at(101);

describe('keys that are due', () => {
  eachStore((under) => {
    let connectionId = '';
    let people = 0;
    beforeAll(async () => {
      connectionId = await newConnection(under.store());
    }, 120_000);

    /** A key with one grant that waits on a pause; by the name of its person. */
    async function waiting(status: string, dueAt: Date | null, requestedAt = at(0)): Promise<string> {
      people += 1;
      const name = `user-${String(people)}`;
      await under.store().transaction(async (tx) => {
        const { rows } = await sql<{ instance_id: string }>`
          select instance_id from connections where id = ${connectionId}`.execute(tx);
        const key = await lockKeyAt(tx, {
          instanceId: rows[0]?.instance_id ?? '',
          source: { kind: 'group', id: '5', path: 'acme' },
          user: { id: String(people), username: name },
        });
        await sql`insert into grants
          (key_id, connection_id, access_level, reason, requested_by, status, requested_at, due_at)
          values (${key.id}, ${connectionId}, 30, 'test', 'ana', ${status}, ${requestedAt}, ${dueAt})`.execute(tx);
        await changeKey(tx, key.id, { lookAt: PAUSED, attempts: 6 });
      });
      return name;
    }
    const due = async (): Promise<string[]> =>
      (await dueKeys(under.store().db, NOW, 100)).map(({ userId }) => `user-${userId}`);

    it('S24: what waited for a connection is done in the order in which it was due, ends before starts', async () => {
      const starts = await waiting('ACTIVATING', at(500), at(1));
      const last = await waiting('ENDING', at(90));
      const first = await waiting('ENDING', at(10));
      const second = await waiting('ENDING', at(20));
      await waiting('ACTIVE', at(500));
      expect(await due()).toEqual([]);
      await under.store().transaction((tx) => bringStandingForward(tx, connectionId, NOW));
      expect(await due()).toEqual([first, second, last, starts]);
    });
  });
});
