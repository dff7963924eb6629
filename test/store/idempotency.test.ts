import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Transaction } from 'kysely';
import { claimIdempotency, hashInput, purgeIdempotency, storeIdempotencyResult } from '../../src/store/idempotency.ts';
import type { IdempotencyClaim } from '../../src/store/idempotency.ts';
import type { Tables } from '../../src/store/tables.ts';
import { eachStore } from '../support/stores.ts';

const NOW = new Date('2026-03-01T00:00:00Z');
const DAY_MS = 86_400_000;
const claim = { caller: 'ana', key: 'k1', mutation: 'grantAccess', inputHash: hashInput({ a: 1, b: 2 }), now: NOW };

describe('an idempotency key', () => {
  eachStore((under) => {
    const claimed = (with_: Partial<typeof claim> = {}) =>
      under.store().transaction((tx) => claimIdempotency(tx, { ...claim, ...with_ }));
    const claimAndStore = async (tx: Transaction<Tables>): Promise<IdempotencyClaim> => {
      const answer = await claimIdempotency(tx, claim);
      if (answer === 'new') await storeIdempotencyResult(tx, { caller: 'ana', key: 'k1', result: { grantId: '5' } });
      return answer;
    };

    beforeEach(async () => {
      await under.store().db.deleteFrom('idempotency').execute();
    });

    it('is new once; a repeat is told what the first call made', async () => {
      expect(await under.store().transaction(claimAndStore)).toBe('new');
      expect(await claimed({ inputHash: hashInput({ b: 2, a: 1 }) })).toEqual({ repeat: { grantId: '5' } });
    });

    it('is refused for another input or another mutation', async () => {
      await under.store().transaction(claimAndStore);
      expect(await claimed({ inputHash: hashInput({ a: 2 }) })).toBe('reused');
      expect(await claimed({ mutation: 'revokeAccess' })).toBe('reused');
    });

    it('belongs to its caller', async () => {
      await under.store().transaction(claimAndStore);
      expect(await claimed({ caller: 'bob' })).toBe('new');
    });

    it('is left unused by a try that stored nothing', async () => {
      const failed = under.store().transaction(async (tx) => {
        await claimIdempotency(tx, claim);
        throw new Error('refused');
      });
      await expect(failed).rejects.toThrow('refused');
      expect(await claimed()).toBe('new');
    });

    it('makes one thing when used many times at once', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => under.store().transaction(claimAndStore)));
      expect(answers.filter((answer) => answer === 'new')).toHaveLength(1);
      expect(answers.filter((answer) => answer !== 'new')).toEqual(Array(7).fill({ repeat: { grantId: '5' } }));
    });

    it('counts as unused after 7 days, also when asked for many times at once', async () => {
      await under.store().transaction(claimAndStore);
      expect(await claimed({ now: new Date(NOW.getTime() + 7 * DAY_MS - 1) })).toEqual({ repeat: { grantId: '5' } });
      const late = { now: new Date(NOW.getTime() + 7 * DAY_MS), inputHash: hashInput('other') };
      const answers = await Promise.all(Array.from({ length: 4 }, () => claimed(late)));
      expect(answers.filter((answer) => answer === 'new')).toHaveLength(1);
    });

    it('is deleted by the purge after 7 days and not before', async () => {
      await under.store().transaction(claimAndStore);
      expect(await purgeIdempotency(under.store().db, new Date(NOW.getTime() + 7 * DAY_MS - 1))).toBe(0);
      expect(await purgeIdempotency(under.store().db, new Date(NOW.getTime() + 7 * DAY_MS))).toBe(1);
    });
  });
});
