import type { GitLabClient } from '../gitlab/client.ts';
import { unendedGrants } from '../store/grants.ts';
import { changeKey, lockKey } from '../store/ledger.ts';
import type { KeyRow } from '../store/ledger.ts';
import type { Place } from '../store/snapshots.ts';
import { readInherited } from './ancestors.ts';
import { auditGrant } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { compareRoles, highestRole } from './levels.ts';
import type { Role } from './levels.ts';
import { lookNow } from './look.ts';

const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

/** Under other groups than before; a rename, here or above, leaves the groups as they are. */
const isMoved = (before: Place | null, after: Place): boolean =>
  before !== null && before.fullPath !== after.fullPath && !same(before.groupIds, after.groupIds);

const told = (role: Role | null): string => {
  if (role === null) return 'no role';
  const custom = role.memberRoleId === null ? '' : ` with custom role ${role.memberRoleId}`;
  return `level ${String(role.accessLevel)}${custom}`;
};

/** What the row gives together with the groups above. */
function effective(key: KeyRow, above: Role | null): Role | null {
  const row = key.ours ?? (key.base === 'absent' ? null : key.base);
  return highestRole([row, above].filter((role) => role !== null));
}

const sameRole = (a: Role | null, b: Role | null): boolean =>
  a === null || b === null ? a === b : compareRoles(a, b) === 0;

/** How the new groups above change what the person has there; null: they do not. */
function changeOf(key: KeyRow, before: Place, role: Role | null): string | null {
  if (before.role === undefined) return null;
  const [had, has] = [effective(key, before.role), effective(key, role)];
  return sameRole(had, has) ? null : `the groups above now make it ${told(has)} instead of ${told(had)}`;
}

/**
 * Stores where a key's group or project is now. When it moved, that is told in the history of each grant there, with a warning
 * where the groups above change the person's role, and the key is looked at (S29). Rejects with a `GitLabError`.
 */
export async function storePlace(deps: GrantsDeps, client: GitLabClient, seen: KeyRow, place: Place): Promise<void> {
  const { fullPath, deletesOn } = place;
  const before = seen.place;
  const moved = isMoved(before, place);
  if (!moved && before?.fullPath === fullPath && before.deletesOn === deletesOn) return;
  const { instanceId, user } = seen;
  const above = moved
    ? await readInherited({ client, db: deps.store.db, instanceId }, fullPath, user.id, { exact: false })
    : null;
  const all = above?.inherited.all ?? null;
  const role = all === null ? null : { accessLevel: all.accessLevel, memberRoleId: all.memberRoleId };
  const now = await deps.store.clock.now();
  const change = await deps.store.transaction(async (tx) => {
    const key = await lockKey(tx, seen.id);
    // Closed, or begun anew, since it was read.
    if (key.place === null ? before !== null : key.place.fullPath !== before?.fullPath) return null;
    const kept = before?.role === undefined ? place : { ...place, role: before.role };
    await changeKey(tx, key.id, { place: moved ? { ...place, role } : kept, sourcePath: fullPath });
    if (!moved || before === null) return null;
    const changed = changeOf(key, before, role);
    const what = key.source.kind;
    const says = `the ${what} moved here from ${before.fullPath}: ${changed ?? 'the role stays as it is'}`;
    const details = { code: 'MOVED', from: before, to: { ...place, role } };
    for (const grant of await unendedGrants(tx, key.id)) {
      await auditGrant(tx, now, grant, { action: 'GRANT_UPDATED', says, details });
    }
    await lookNow(deps, tx, key.id, now);
    return changed;
  });
  if (change !== null) {
    deps.log.warn(
      { keyId: seen.id, from: before?.fullPath },
      `${user.username} on ${fullPath}: after a move, ${change}.`,
    );
  }
}
