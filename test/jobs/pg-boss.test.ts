import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { JobHandlers, Jobs } from '../../src/jobs/jobs.ts';
import { createJobs } from '../../src/jobs/pg-boss.ts';
import { eachStore } from '../support/stores.ts';

const HOUR_MS = 3_600_000;

/** Resolves as soon as `seen` is true; looks every 10 ms. */
async function until(seen: () => boolean): Promise<void> {
  const giveUp = Date.now() + 15_000;
  while (!seen()) {
    if (Date.now() > giveUp) throw new Error('It did not happen within 15 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('jobs', () => {
  eachStore((under) => {
    const opened: Jobs[] = [];
    const faults: string[] = [];
    const log = {
      warn: (fields: object, message: string) => faults.push(message + JSON.stringify(fields)),
      error: (fields: object, message: string) => faults.push(message + JSON.stringify(fields)),
    };

    async function started(handlers: Partial<JobHandlers>, sweepEverySeconds = 3_600): Promise<Jobs> {
      const jobs = createJobs({ store: under.store(), log, sweepEverySeconds });
      opened.push(jobs);
      await jobs.start({ reconcile: () => Promise.resolve(), sweep: () => Promise.resolve(), ...handlers });
      return jobs;
    }

    function recorder() {
      const looks: string[] = [];
      const reconcile = (keyId: string) => {
        looks.push(keyId);
        return Promise.resolve();
      };
      return { looks, reconcile };
    }

    const lookAt = (jobs: Jobs, keyId: string, at: Date | null = null) =>
      under.store().transaction((tx) => jobs.lookAt(tx, keyId, at));

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((jobs) => jobs.stop()));
      expect(faults.splice(0)).toEqual([]);
    });

    it('look at a key at once when the transaction that asked has committed', async () => {
      const { looks, reconcile } = recorder();
      const jobs = await started({ reconcile });
      await lookAt(jobs, '7');
      await until(() => looks.length > 0);
      expect(looks).toEqual(['7']);
    });

    it('never look for a transaction that was rolled back', async () => {
      const { looks, reconcile } = recorder();
      const jobs = await started({ reconcile });
      const failed = under.store().transaction(async (tx) => {
        await jobs.lookAt(tx, '1', null);
        throw new Error('rolled back');
      });
      await expect(failed).rejects.toThrow('rolled back');
      await lookAt(jobs, '2');
      await until(() => looks.includes('2'));
      expect(looks).toEqual(['2']);
    });

    it('look at the time asked for: not before, and less than a second after', async () => {
      const store = under.store();
      const at: Date[] = [];
      const jobs = await started({
        async reconcile() {
          at.push(await store.clock.now());
        },
      });
      under.shiftClock(HOUR_MS);
      const due = new Date((await store.clock.now()).getTime() + 700);
      await lookAt(jobs, '1', due);
      await until(() => at.length > 0);
      under.shiftClock(-HOUR_MS);
      const lateMs = (at[0]?.getTime() ?? 0) - due.getTime();
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(1_000);
    });

    it('are not kept from an earlier look by a later one already asked for', async () => {
      const { looks, reconcile } = recorder();
      const jobs = await started({ reconcile });
      await lookAt(jobs, '1', new Date(Date.now() + HOUR_MS));
      await lookAt(jobs, '1');
      await until(() => looks.length > 0);
      expect(looks).toEqual(['1']);
    });

    it('outlive the process that asked: another one makes the look', async () => {
      const { looks, reconcile } = recorder();
      const first = await started({});
      await lookAt(first, '9', new Date(Date.now() + 300));
      await first.stop();
      await started({ reconcile });
      await until(() => looks.length > 0);
      expect(looks).toEqual(['9']);
    });

    it('are made once when several processes share the database', async () => {
      const [one, two] = [recorder(), recorder()];
      const jobs = await started({ reconcile: one.reconcile });
      await started({ reconcile: two.reconcile });
      const keys = Array.from({ length: 40 }, (_, i) => String(i + 1));
      await Promise.all(keys.map((key) => lookAt(jobs, key)));
      await until(() => one.looks.length + two.looks.length >= keys.length);
      expect([...one.looks, ...two.looks].sort()).toEqual(keys.sort());
    });

    it('go on after a handler that throws', async () => {
      const looks: string[] = [];
      const jobs = await started({
        reconcile(keyId) {
          looks.push(keyId);
          return keyId === '1' ? Promise.reject(new Error('GitLab is down')) : Promise.resolve();
        },
      });
      await lookAt(jobs, '1');
      await until(() => looks.includes('1'));
      await lookAt(jobs, '2');
      await until(() => looks.includes('2'));
      expect(faults.splice(0)).toEqual([expect.stringContaining('could not be reconciled')]);
    });

    it('wait at the stop for the look under way, and take no other', async () => {
      const begun = Promise.withResolvers<undefined>();
      const end = Promise.withResolvers<undefined>();
      let ended = false;
      const jobs = await started({
        async reconcile() {
          begun.resolve(undefined);
          await end.promise;
          await sql`select 1`.execute(under.store().db);
          ended = true;
        },
      });
      await lookAt(jobs, '1');
      await begun.promise;
      const stopping = jobs.stop();
      setImmediate(() => {
        end.resolve(undefined);
      });
      await stopping;
      expect(ended).toBe(true);
    });

    it('sweep at the start and again and again, never twice at once', async () => {
      let [sweeps, atOnce, most] = [0, 0, 0];
      await started(
        {
          async sweep() {
            most = Math.max(most, ++atOnce);
            await sql`select pg_sleep(0.02)`.execute(under.store().db);
            atOnce -= 1;
            sweeps += 1;
            if (sweeps === 2) throw new Error('once');
          },
        },
        0.01,
      );
      await until(() => sweeps > 3);
      expect(most).toBe(1);
      expect(faults.splice(0)).toEqual([expect.stringContaining('sweep')]);
    });

    it('refuse to queue before they are started', async () => {
      const jobs = createJobs({ store: under.store(), log });
      await expect(lookAt(jobs, '1')).rejects.toThrow('must be started');
      await jobs.stop();
    });
  });
});
