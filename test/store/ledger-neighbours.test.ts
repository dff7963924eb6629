import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { upsertInstance } from '../../src/store/instances.ts';
import { bringLookForward, findKey, lockKeyAt } from '../../src/store/ledger.ts';
import type { KeyRow } from '../../src/store/ledger.ts';
import { lockWithNeighbours, neighbourKeys } from '../../src/store/ledger-neighbours.ts';
import { eachStore } from '../support/stores.ts';

const NOW = new Date('2026-03-01T00:00:00Z');
const LATER = new Date('2026-03-01T00:01:00Z');

describe('the keys of one person', () => {
  eachStore((under) => {
    let keys: KeyRow[] = [];

    beforeAll(async () => {
      keys = await under.store().transaction(async (tx) => {
        const { id: instanceId } = await upsertInstance(tx, NOW, 'https://gitlab.example.com');
        const made: KeyRow[] = [];
        for (const id of ['1', '2', '3']) {
          const source = { kind: 'group', id, path: `group-${id}` } as const;
          const key = await lockKeyAt(tx, { instanceId, source, user: { id: '7', username: 'ana' } });
          await sql`insert into grants (key_id, access_level, reason, requested_by, status, requested_at)
            values (${key.id}, 30, 'test', 'ana', 'ACTIVATING', ${NOW})`.execute(tx);
          made.push(key);
        }
        return made;
      });
    }, 120_000);

    it('grants that end at once in several groups tell one another without waiting for ever', async () => {
      const endAt = (key: KeyRow) =>
        under.store().transaction(async (tx) => {
          await lockWithNeighbours(tx, key);
          for (const id of await neighbourKeys(tx, key)) await bringLookForward(tx, id, LATER);
        });
      for (let round = 0; round < 10; round += 1) await Promise.all(keys.map(endAt));
      for (const { id } of keys) expect((await findKey(under.store().db, id))?.lookAt).toEqual(LATER);
    });
  });
});
