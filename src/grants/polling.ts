import type { GrantRow } from '../store/grants.ts';

/** How often the row of a grant in force is looked at, though nothing asks for it (S12, S27–S29). */
export const POLL_EVERY_MS = 5 * 60_000;

/** How often at least a grant in force gets a full look, for what its row does not tell. */
export const FULL_LOOK_EVERY_MS = 12 * 3_600_000;

/** When a key is looked at again. Up to a quarter earlier, so that looks spread. */
export function pollFrom(now: Date, random = Math.random()): Date {
  return new Date(now.getTime() + Math.round(POLL_EVERY_MS * (1 - random / 4)));
}

/** When the key is looked at though time asks for nothing; null where no grant is in force. */
export function nextPoll(grants: readonly GrantRow[], now: Date, random = Math.random()): Date | null {
  if (!grants.some((grant) => grant.status === 'ACTIVE')) return null;
  return pollFrom(now, random);
}

/** From 0 up to 1, the same for the same key and spread evenly over many (Knuth's multiplicative hash). */
const shareOf = (keyId: string): number => Number((BigInt(keyId) * 2_654_435_761n) % 4_294_967_296n) / 4_294_967_296;

/**
 * Whether the poll of a key shall be a full look: the first one after each so many hours since its oldest grant became active, up
 * to a quarter fewer from key to key, so that they spread.
 */
export function wantsFullLook(
  keyId: string,
  grants: readonly Pick<GrantRow, 'status' | 'activatedAt' | 'verifiedAt'>[],
  now: Date,
): boolean {
  const active = grants.filter(({ status }) => status === 'ACTIVE');
  const since = Math.min(...active.map(({ activatedAt }) => (activatedAt ?? now).getTime()));
  const polledAt = Math.max(...active.map(({ verifiedAt }) => (verifiedAt ?? now).getTime()));
  const everyMs = FULL_LOOK_EVERY_MS * (1 - shareOf(keyId) / 4);
  return Math.floor((now.getTime() - since) / everyMs) !== Math.floor((polledAt - since) / everyMs);
}
