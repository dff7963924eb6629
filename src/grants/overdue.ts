import { overdueSince } from '../store/overdue.ts';
import type { Overdue } from '../store/overdue.ts';
import { raiseAlert } from './alerts.ts';
import { placeOf } from './audit.ts';
import type { GrantsDeps } from './deps.ts';

/** How long an end may stay unproven before people are told (S3). */
export const ALERT_AFTER_MS = 60_000;
/** How many are told of one by one; more have one cause, which the first of them show. */
const MOST = 1_000;

/**
 * Tells once of each end that is a minute past due and not proven, and once when it is done. What was told is kept in memory:
 * each process tells for itself, and again after a start.
 */
export function createOverdueWatch(deps: GrantsDeps): { check(now: Date): Promise<void> } {
  let told = new Map<string, Overdue>();
  return {
    async check(now) {
      const overdue = await overdueSince(deps.store.db, new Date(now.getTime() - ALERT_AFTER_MS), MOST);
      const before = told;
      told = new Map(overdue.map((thing) => [`${thing.kind}:${thing.id}`, thing]));
      for (const [name, thing] of told) {
        if (before.has(name)) continue;
        const about = { ...thing, ...(thing.kind === 'grant' ? { grantId: thing.id } : {}) };
        raiseAlert(deps, 'OVERDUE', about, 'its end is more than a minute past due and not proven; it is tried again.');
      }
      for (const [name, thing] of before) {
        if (told.has(name)) continue;
        deps.log.info({ alert: 'OVERDUE', cleared: true, [`${thing.kind}Id`]: thing.id }, `${placeOf(thing)}: done.`);
      }
    },
  };
}
