import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { MEMBER_COLUMNS, USER_COLUMNS, parseMember, parseUser } from './question-facts.ts';
import type { MemberFact, SourceKey, UserFact } from './question-facts.ts';
import type { Levels } from './question-people.ts';
import { counted, ids, integers, seen, words } from './questions.ts';
import type { At } from './questions.ts';
import type { Db } from './store.ts';

/** Rows in `table` whose source is this place or below it, as a run saw the tree; null: all rows. */
export function within(table: string, at: At, place: SourceKey | null): RawBuilder<unknown> {
  if (place === null) return sql`true`;
  const [kind, id] = [sql.ref(`${table}.source_kind`), sql.ref(`${table}.source_id`)];
  if (place.kind === 'project') return sql`(${kind} = 'project' and ${id} = ${place.id}::bigint)`;
  const below = ids([place.id]);
  return sql`((${kind} = 'group' and ${id} in (select gitlab_id from ${seen('xgroups', at)} g where path_ids && ${below}))
    or (${kind} = 'project' and ${id} in (select gitlab_id from ${seen('xprojects', at)} p where path_ids && ${below})))`;
}

/** Where a page of rows goes on. */
export type ExpiringCursor = { expiresAt: string; source: SourceKey; userId: string };

/** Rows with a date up to and with `untilDay`. */
export type ExpiringFilter = { untilDay: string; place: SourceKey | null };

function expiring(at: At, { untilDay, place }: ExpiringFilter): RawBuilder<unknown> {
  return sql`${seen('xmembers', at)} m where m.expires_at <= ${untilDay}::date and ${within('m', at, place)}`;
}

/** The next to end first. */
export async function rowsExpiring(
  db: Db,
  at: At,
  filter: ExpiringFilter,
  page: { after: ExpiringCursor | null; limit: number },
): Promise<MemberFact[]> {
  const { after } = page;
  const beyond =
    after === null
      ? sql`true`
      : sql`(m.expires_at >= ${after.expiresAt}::date and (m.expires_at, m.source_kind, m.source_id, m.user_id)
          > (${after.expiresAt}::date, ${after.source.kind}::text, ${after.source.id}::bigint, ${after.userId}::bigint))`;
  const { rows } = await sql`select ${MEMBER_COLUMNS} from ${expiring(at, filter)} and ${beyond}
    order by m.expires_at, m.source_kind, m.source_id, m.user_id limit ${page.limit}`.execute(db);
  return rows.map(parseMember);
}

/** How many they are. */
export async function countExpiring(db: Db, at: At, filter: ExpiringFilter): Promise<number> {
  return counted(db, 'xmembers', sql`select count(*)::text as count from ${expiring(at, filter)}`);
}

/** People not seen active after `lastDay`, of these kinds, who have a row of one of the levels. */
export type DormantFilter = { lastDay: string; levels: Levels; kinds: readonly string[]; activeOnly: boolean };

/** Where a page of people goes on; a null day: among those of whom no activity is known, who come last. */
export type DormantCursor = { lastActivityOn: string | null; userId: string };

function dormant(at: At, { lastDay, levels, kinds, activeOnly }: DormantFilter): RawBuilder<unknown> {
  const only = levels.only === null ? sql`true` : sql`m.access_level = any(${integers(levels.only)})`;
  return sql`${seen('xusers', at)} u
    where (u.last_activity_on <= ${lastDay}::date or u.last_activity_on is null) and u.kind = any(${words(kinds)})
      and ${activeOnly ? sql`u.state = 'ACTIVE'` : sql`true`}
      and exists (select from ${seen('xmembers', at)} m
        where m.user_id = u.gitlab_id and m.access_level >= ${levels.from}::int and ${only})`;
}

/** The longest without activity first. */
export async function peopleDormant(
  db: Db,
  at: At,
  filter: DormantFilter,
  page: { after: DormantCursor | null; limit: number },
): Promise<UserFact[]> {
  const { rows } = await sql`select ${USER_COLUMNS} from ${dormant(at, filter)} and ${beyondDormant(page.after)}
    order by u.last_activity_on asc nulls last, u.gitlab_id limit ${page.limit}`.execute(db);
  return rows.map(parseUser);
}

/** How many they are. */
export async function countDormant(db: Db, at: At, filter: DormantFilter): Promise<number> {
  return counted(db, 'xusers', sql`select count(*)::text as count from ${dormant(at, filter)}`);
}

function beyondDormant(after: DormantCursor | null): RawBuilder<unknown> {
  if (after === null) return sql`true`;
  const { lastActivityOn, userId } = after;
  return lastActivityOn === null
    ? sql`(u.last_activity_on is null and u.gitlab_id > ${userId}::bigint)`
    : sql`(u.last_activity_on is null or u.last_activity_on > ${lastActivityOn}::date
        or (u.last_activity_on = ${lastActivityOn}::date and u.gitlab_id > ${userId}::bigint))`;
}
