import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { upsertInstance } from '../../src/store/instances.ts';
import { askForLook } from '../../src/store/hinted-keys.ts';
import { changeKey, findKey, lockKeyAt, releaseLease, takeLease } from '../../src/store/ledger.ts';
import type { KeyRow } from '../../src/store/ledger.ts';
import { claimPolls, settlePolls } from '../../src/store/polls.ts';
import { eachStore } from '../support/stores.ts';

const at = (seconds: number): Date => new Date(Date.parse('2026-03-01T00:00:00Z') + seconds * 1_000);
const NOW = at(0);
const UNTIL = at(60);
const NEXT = at(300);

describe('polls that several processes share', () => {
  eachStore((under) => {
    let ids: string[] = [];
    const claim = () =>
      under
        .store()
        .transaction((tx) =>
          claimPolls(tx, { keyIds: ids.slice(0, 1), now: NOW, until: UNTIL, horizon: NEXT, limit: 100 }),
        );
    const settle = (keys: KeyRow[]) =>
      under.store().transaction((tx) =>
        settlePolls(
          tx,
          keys.map((key) => ({ key, next: NEXT })),
          NOW,
        ),
      );
    const idsOf = (keys: readonly KeyRow[]) => keys.map((key) => key.id).sort();
    const lookAt = async (id = '') => (await findKey(under.store().db, id))?.lookAt;

    beforeAll(async () => {
      ids = await under.store().transaction(async (tx) => {
        const { id: instanceId } = await upsertInstance(tx, NOW, 'https://gitlab.example.com');
        const made: string[] = [];
        for (const userId of ['1', '2', '3', '4']) {
          const source = { kind: 'group', id: '5', path: 'acme' } as const;
          const key = await lockKeyAt(tx, { instanceId, source, user: { id: userId, username: `user-${userId}` } });
          await sql`insert into grants (key_id, access_level, effect, reason, requested_by, status, requested_at, due_at)
            values (${key.id}, 30, 'ADDED', 'test', 'ana', 'ACTIVE', ${NOW}, ${at(3_600)})`.execute(tx);
          made.push(key.id);
        }
        return made;
      });
    }, 120_000);

    /** The first is due; the others would be polled within five minutes. */
    beforeEach(async () => {
      await under.store().transaction(async (tx) => {
        for (const [index, id] of ids.entries()) {
          const lookAtMs = index === 0 ? at(-1) : at(100 + index);
          await changeKey(tx, id, { base: 'absent', intent: null, lookAt: lookAtMs, attempts: 0 });
        }
      });
    });

    it('one that is due takes the others of its group along, and each is claimed once', async () => {
      const claims = await Promise.all([claim(), claim(), claim()]);
      expect(idsOf(claims.flat())).toEqual([...ids].sort());
    });

    it('what was claimed is polled later where its process dies, and by nobody before', async () => {
      await claim();
      expect(await lookAt(ids[0])).toEqual(UNTIL);
      expect(await claim()).toEqual([]);
    });

    it('a key that asks for more than a comparison is left out: a write under way, trouble, an end before that time', async () => {
      const [, second = '', third = '', fourth = ''] = ids;
      await under.store().transaction(async (tx) => {
        await changeKey(tx, second, { intent: { at: NOW, before: 'absent', want: 'absent' } });
        await changeKey(tx, third, { attempts: 1 });
        await changeKey(tx, fourth, { lookAt: at(3_600) });
      });
      expect(idsOf(await claim())).toEqual([ids[0]]);
    });

    it('a key that somebody works on, or asked to be looked at, since it was claimed keeps what they stored', async () => {
      const [first = '', second = '', third = ''] = ids;
      const claimed = await claim();
      await under.store().transaction((tx) => askForLook(tx, first, NOW));
      const lease = await takeLease(under.store().db, second, 'somebody', NOW, UNTIL);
      if (lease === null) throw new Error('The claim holds the key back.');
      expect(idsOf(claimed)).toEqual([...ids].sort());
      const settled = await settle(claimed);
      await releaseLease(under.store().db, lease);
      expect(settled.sort()).toEqual(ids.slice(2).sort());
      expect(await lookAt(first)).toEqual(NOW);
      expect(await lookAt(second)).toEqual(UNTIL);
      expect(await lookAt(third)).toEqual(NEXT);
    });
  });
});
