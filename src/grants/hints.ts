import { askForLook, hintedKeys } from '../store/hinted-keys.ts';
import type { KeyHint } from '../store/hinted-keys.ts';
import type { GrantsDeps } from './deps.ts';

export type { KeyHint };

/**
 * Somebody says that something changed there: looks at the keys it may be about, and decides by what GitLab shows, never by what
 * was said. Only keys with something that is not over are looked at, and each once, however often it is said meanwhile. Resolves
 * with how many looks were asked for, once that is stored.
 */
export async function lookAtHint(deps: Pick<GrantsDeps, 'store' | 'jobs'>, hint: KeyHint): Promise<number> {
  let asked = 0;
  // One key a transaction: holding several at once, it could wait for a reconciler that waits for one of them.
  for (const keyId of await hintedKeys(deps.store.db, hint)) {
    const now = await deps.store.clock.now();
    const isNew = await deps.store.transaction(async (tx) => {
      const isAsked = await askForLook(tx, keyId, now);
      if (isAsked) await deps.jobs.lookAt(tx, keyId, null);
      return isAsked;
    });
    if (isNew) asked += 1;
  }
  return asked;
}
