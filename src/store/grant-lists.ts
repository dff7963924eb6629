import { sql } from 'kysely';
import { parseGrant, selectGrants } from './grants.ts';
import type { GrantRow } from './grants.ts';
import type { Db } from './store.ts';

export type GrantListFilter = {
  connectionId?: string | null;
  statuses?: readonly GrantRow['status'][] | null;
  username?: string | null;
  targetPath?: string | null;
  requestedBy?: string | null;
  /** Only grants that should have ended by `now` and have not. */
  overdue?: boolean | null;
  expiresBefore?: Date | null;
  userId?: string | null;
  instanceId?: string | null;
};

export type ListPage = { first: number; beforeId: string | null };
export type Listed<T> = { rows: T[]; hasNextPage: boolean; totalCount: number };

function filtered(db: Db, filter: GrantListFilter, now: Date) {
  let query = selectGrants(db);
  if (filter.connectionId != null) query = query.where('grants.connection_id', '=', filter.connectionId);
  if (filter.statuses != null) {
    query =
      filter.statuses.length === 0
        ? query.where(sql<boolean>`false`)
        : query.where('grants.status', 'in', [...filter.statuses]);
  }
  if (filter.username != null) query = query.where(sql`lower(keys.username)`, '=', filter.username.toLowerCase());
  if (filter.targetPath != null)
    query = query.where(sql`lower(keys.source_path)`, '=', filter.targetPath.toLowerCase());
  if (filter.requestedBy != null) query = query.where('grants.requested_by', '=', filter.requestedBy);
  if (filter.userId != null) query = query.where('keys.user_id', '=', filter.userId);
  if (filter.instanceId != null) query = query.where('keys.instance_id', '=', filter.instanceId);
  if (filter.expiresBefore != null) query = query.where('grants.due_at', '<', filter.expiresBefore);
  if (filter.overdue != null) {
    const overdue = sql<boolean>`(grants.status in ('ENDING', 'ACTIVE') and grants.due_at is not null and grants.due_at <= ${now})`;
    query = query.where(filter.overdue ? overdue : sql<boolean>`not ${overdue}`);
  }
  return query;
}

/** Grants, newest first. */
export async function listGrants(
  db: Db,
  filter: GrantListFilter,
  page: ListPage,
  now: Date,
): Promise<Listed<GrantRow>> {
  const query = filtered(db, filter, now);
  const counted = await query
    .clearSelect()
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  let paged = query.orderBy('grants.id', 'desc').limit(page.first + 1);
  if (page.beforeId !== null) paged = paged.where('grants.id', '<', page.beforeId);
  const rows = (await paged.execute()).map(parseGrant);
  return { rows: rows.slice(0, page.first), hasNextPage: rows.length > page.first, totalCount: Number(counted.count) };
}

/** Unended grants that rest on the rows at these keys. */
export async function grantsAtKeys(
  db: Db,
  instanceId: string,
  keys: readonly { source: { kind: 'group' | 'project'; id: string }; userId: string }[],
): Promise<GrantRow[]> {
  if (keys.length === 0) return [];
  const rows = await selectGrants(db)
    .where('keys.instance_id', '=', instanceId)
    .where('keys.source_id', 'in', [...new Set(keys.map((key) => key.source.id))])
    .where('keys.user_id', 'in', [...new Set(keys.map((key) => key.userId))])
    .where('grants.status', 'in', ['ACTIVATING', 'ACTIVE', 'ENDING'])
    .orderBy('grants.id')
    .execute();
  return rows.map(parseGrant);
}

/** The grants made through a connection that are not over, the earliest first. */
export async function unendedOnConnection(db: Db, connectionId: string): Promise<GrantRow[]> {
  const rows = await selectGrants(db)
    .where('grants.connection_id', '=', connectionId)
    .where('grants.status', 'not in', ['ENDED', 'FAILED'])
    .orderBy('grants.id')
    .execute();
  return rows.map(parseGrant);
}
