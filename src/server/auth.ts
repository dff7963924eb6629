import type { Caller } from '../resolvers/services.ts';
import { findApiKeyByHash, hashApiKey } from '../store/api-keys.ts';
import type { Store } from '../store/store.ts';
import { LeastRecent } from './least-recent.ts';

/** So long a key that was found in force is believed to be. */
export const BELIEVED_MS = 1_000;
const MOST_BELIEVED = 1_000;

/** Who presents this `Authorization` header; null where it holds no key that is in force. */
export type Authenticate = (header: string | undefined) => Promise<Caller | null>;

/**
 * Looks keys up by their hash, so that the time it takes tells nothing about any key. A key that is in force is looked up once a
 * second at most: one that is revoked is refused a second later. Keys that are not in force are never remembered.
 */
export function createAuthentication(deps: { store: Store; nowMs: () => number }): Authenticate {
  const { store, nowMs } = deps;
  const believed = new LeastRecent<{ caller: Caller; untilMs: number }>(MOST_BELIEVED);
  return async (header) => {
    const key = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (key === undefined) return null;
    const hash = hashApiKey(key);
    const known = believed.get(hash);
    if (known !== undefined && nowMs() < known.untilMs) return known.caller;
    const untilMs = nowMs() + BELIEVED_MS;
    const row = await findApiKeyByHash(store.db, hash);
    if (row === null) return null;
    const caller = { subject: row.subject, name: row.name, roles: row.roles, gitlabUsernames: [] };
    believed.set(hash, { caller, untilMs });
    return caller;
  };
}
