import type { CallPriority } from '../client.ts';

/** How many calls are in flight, by priority. */
export type InFlight = Readonly<Record<CallPriority, number>>;

export const totalOf = ({ revoke, grant, query, extraction }: InFlight): number => revoke + grant + query + extraction;

/** Of `limit` slots so many are for revokes only. */
export const keptForRevokes = (limit: number): number => Math.max(1, Math.floor(limit / 4));

const FEWEST_TO_SHARE = 4;

/**
 * Whether a call of this priority finds a slot of `limit`. Revokes keep a quarter to themselves, also while others still hold more
 * than the limit has become; queries leave one more to grants, and extraction takes at most half.
 */
export function mayTakeSlot(priority: CallPriority, inFlight: InFlight, limit: number): boolean {
  const total = totalOf(inFlight);
  const kept = keptForRevokes(limit);
  if (priority === 'revoke') return total < limit || inFlight.revoke < kept;
  if (total >= limit || total - inFlight.revoke >= limit - kept) return false;
  if (priority === 'grant') return true;
  const forGrants = limit >= FEWEST_TO_SHARE ? 1 : 0;
  if (inFlight.query + inFlight.extraction >= limit - kept - forGrants) return false;
  return priority === 'query' || inFlight.extraction < Math.max(1, Math.ceil(limit / 2));
}
