import type { GrantRow } from '../store/grants.ts';

/** How often the row of a grant in force is looked at, though nothing asks for it (S12, S27–S29). */
export const POLL_EVERY_MS = 5 * 60_000;

/** When a key is looked at again. Up to a quarter earlier, so that looks spread. */
export function pollFrom(now: Date, random = Math.random()): Date {
  return new Date(now.getTime() + Math.round(POLL_EVERY_MS * (1 - random / 4)));
}

/** When the key is looked at though time asks for nothing; null where no grant is in force. */
export function nextPoll(grants: readonly GrantRow[], now: Date, random = Math.random()): Date | null {
  if (!grants.some((grant) => grant.status === 'ACTIVE')) return null;
  return pollFrom(now, random);
}
