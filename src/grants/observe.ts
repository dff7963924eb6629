import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { DirectRow } from '../gitlab/records.ts';
import type { KeyRow } from '../store/ledger.ts';
import type { Place, UsesRequest } from '../store/snapshots.ts';
import type { Db } from '../store/store.ts';
import { currentPath, readInherited } from './ancestors.ts';
import { readListed } from './approvals.ts';
import type { Listed } from './approvals.ts';
import { compareRoles } from './levels.ts';
import type { Role } from './levels.ts';
import { needsInherited } from './plan/plan.ts';
import type { Inherited, Row } from './plan/types.ts';
import { planGrants } from './state.ts';
import { ledgerOf } from './queued.ts';
import type { KeyState } from './state.ts';

const roleOnly = (role: Role | null): Role | null =>
  role === null ? null : { accessLevel: role.accessLevel, memberRoleId: role.memberRoleId };

/** What one look at GitLab showed of a key. */
export type Observation = {
  actual: Row | null;
  /** GitLab's own time of the read, for conditional deletes (S42). */
  readAt: Date;
  inherited: Inherited | null;
  /** Where the group or project is; null where what is above it was not read. */
  place: Place | null;
  /** What is above was read in the way that decides. */
  exact: boolean;
  /** Whether the person has asked GitLab for access there; null: not read. */
  requested: UsesRequest | 'no' | null;
  /** What GitLab's list of waiting promotions tells of the person; null: not read. */
  listed: Listed | null;
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

/**
 * Reads all that the decision depends on, and nothing more; `exact`: what is above by REST; `requests`: also pending access
 * requests; `approvals`: also the promotions that wait. Rejects with a `GitLabError`.
 */
export async function observe(
  deps: { client: GitLabClient; db: Db; now: Date; exact: boolean; requests: boolean; approvals: boolean },
  state: KeyState,
): Promise<Observation> {
  const { key } = state;
  const listed = deps.approvals ? await readListed(deps.client, key) : null;
  const [{ rows, readAt }, requested] = await Promise.all([
    deps.client.directRows(key.source, [key.user.id]),
    deps.requests ? readRequested(deps.client, key) : null,
  ]);
  const revoking = state.revocations.length > 0;
  const { queued, ...ledger } = ledgerOf(key);
  const written = { ...ledger, intent: ledger.intent ?? queued };
  const needed = needsInherited({ ...written, revoking, grants: planGrants(state.grants, deps.now) });
  const above = needed ? await observeAbove(deps, state) : { inherited: null, place: null };
  const theirs = rows.filter((row) => row.userId === key.user.id);
  const { exact } = deps;
  return { actual: topRow(theirs), readAt, ...above, exact, requested, listed, ldap: theirs.some((row) => row.ldap) };
}

/** A list that cannot be read tells nothing: then there may be a request. */
async function readRequested(client: GitLabClient, { source, user }: KeyRow): Promise<UsesRequest | 'no'> {
  try {
    const requests = await client.accessRequests(source);
    if (requests === null) return 'maybe';
    return requests.includes(user.id) ? 'yes' : 'no';
  } catch (error) {
    if (error instanceof GitLabError) return 'maybe';
    throw error;
  }
}

async function observeAbove(
  deps: { client: GitLabClient; db: Db; exact: boolean },
  { key }: KeyState,
): Promise<{ inherited: Inherited; place: Place }> {
  // The path may have changed since: a move keeps the key and changes what is above it (S29).
  const fullPath = await currentPath(deps.client, key.source);
  if (fullPath === null) {
    throw new GitLabError('SOURCE_NOT_FOUND', 'GitLab no longer shows the group or project to the connection.');
  }
  const { instanceId } = key;
  const { inherited, groupIds } = await readInherited({ ...deps, instanceId }, fullPath, key.user.id, deps);
  return { inherited, place: { fullPath, groupIds, role: roleOnly(inherited.all), deletesOn: null } };
}
