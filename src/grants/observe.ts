import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { DirectRow } from '../gitlab/records.ts';
import type { Db } from '../store/store.ts';
import { currentPath, readInherited } from './ancestors.ts';
import { compareRoles } from './levels.ts';
import { needsInherited } from './plan/plan.ts';
import type { Inherited, Row } from './plan/types.ts';
import { planGrants } from './state.ts';
import { ledgerOf } from './queued.ts';
import type { KeyState } from './state.ts';

/** What one look at GitLab showed of a key. */
export type Observation = {
  actual: Row | null;
  /** GitLab's own time of the read, for conditional deletes (S42). */
  readAt: Date;
  inherited: Inherited | null;
  /** LDAP marks the row as its own. */
  ldap: boolean;
};

export function toRow(row: DirectRow): Row {
  const { accessLevel, memberRoleId, expiresAt, createdAt, createdById, state } = row;
  return { accessLevel, memberRoleId, expiresAt, createdAt, createdById, state };
}

/** The row to work on; should GitLab hold two for one person, the higher one, until both are gone (S42). */
export function topRow(rows: readonly DirectRow[]): Row | null {
  return rows
    .map(toRow)
    .reduce<Row | null>((top, row) => (top === null || compareRoles(row, top) > 0 ? row : top), null);
}

/** Reads all that the decision depends on, and nothing more. Rejects with a `GitLabError`. */
export async function observe(
  deps: { client: GitLabClient; db: Db; now: Date },
  state: KeyState,
): Promise<Observation> {
  const { key } = state;
  const { rows, readAt } = await deps.client.directRows(key.source, [key.user.id]);
  const revoking = state.revocations.length > 0;
  const needed = needsInherited({ ...ledgerOf(key, deps.now), revoking, grants: planGrants(state.grants, deps.now) });
  const inherited = needed ? await observeInherited(deps, state) : null;
  const theirs = rows.filter((row) => row.userId === key.user.id);
  return { actual: topRow(theirs), readAt, inherited, ldap: theirs.some((row) => row.ldap) };
}

async function observeInherited(deps: { client: GitLabClient; db: Db }, { key }: KeyState): Promise<Inherited> {
  // The path may have changed since: a move keeps the key and changes what is above it (S29).
  const fullPath = await currentPath(deps.client, key.source);
  if (fullPath === null) {
    throw new GitLabError('SOURCE_NOT_FOUND', 'GitLab no longer shows the group or project to the connection.');
  }
  return readInherited({ ...deps, instanceId: key.instanceId }, fullPath, key.user.id);
}
