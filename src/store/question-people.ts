import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, parseRow } from './parse.ts';
import { MEMBER_COLUMNS, parseMember } from './question-facts.ts';
import type { MemberFact, SourceKey } from './question-facts.ts';
import { counted, ids, integers, seen, words } from './questions.ts';
import type { At } from './questions.ts';
import type { Db } from './store.ts';

/** A membership list: its rows above a level come in, at no more than `cap` (null: as they are). `marked` sets some lists apart. */
export type List = { list: SourceKey; above: number; cap: number | null; marked: boolean };

/** Effective levels that are wanted: from this on, and where `only` is given one of these. */
export type Levels = { from: number; only: readonly number[] | null };

/** `activeOnly`: people who may not sign in are left out. */
export type PeopleFilter = { lists: readonly List[]; levels: Levels; activeOnly: boolean };

const NO_CAP = 2_147_483_647;
const reachedRow = z.object({ user_id: gitlabIdColumn, level: z.int() });

/** Who comes in by any of the lists, with the highest level; the highest first, then by number. */
export async function peopleThrough(
  db: Db,
  at: At,
  filter: PeopleFilter,
  page: { after: { level: number; userId: string } | null; limit: number },
): Promise<{ userId: string; level: number }[]> {
  const { after, limit } = page;
  const beyond =
    after === null
      ? sql`true`
      : sql`(level < ${after.level}::int or (level = ${after.level}::int and user_id > ${after.userId}::bigint))`;
  const { rows } = await sql`select user_id::text as user_id, level from (${reached(at, filter)}) reached
    where ${beyond} order by level desc, reached.user_id limit ${limit}`.execute(db);
  return rows.map((row) => {
    const { user_id: userId, level } = parseRow('xmembers', reachedRow, row);
    return { userId, level };
  });
}

/** How many they are. */
export async function countPeopleThrough(db: Db, at: At, filter: PeopleFilter): Promise<number> {
  return counted(db, 'xmembers', sql`select count(*)::text as count from (${reached(at, filter)}) reached`);
}

function reached(at: At, { lists, levels, activeOnly }: PeopleFilter): RawBuilder<unknown> {
  const within = levels.only === null ? sql`true` : sql`level = any(${integers(levels.only)})`;
  const active = activeOnly
    ? sql`exists (select from ${seen('xusers', at)} u where u.gitlab_id = each.user_id and u.state = 'ACTIVE')`
    : sql`true`;
  return sql`select user_id, level from (
      select m.user_id, max(least(m.access_level, d.cap)) as level from ${joined(at, lists)} group by m.user_id
    ) each where level >= ${levels.from}::int and ${within} and ${active}`;
}

function joined(at: At, lists: readonly List[]): RawBuilder<unknown> {
  const kinds = words(lists.map(({ list }) => list.kind));
  const sourceIds = ids(lists.map(({ list }) => list.id));
  const caps = integers(lists.map(({ cap }) => cap ?? NO_CAP));
  const above = integers(lists.map((list) => list.above));
  const marks = integers(lists.map(({ marked }) => (marked ? 1 : 0)));
  return sql`unnest(${kinds}, ${sourceIds}, ${caps}, ${above}, ${marks}) as d(kind, id, cap, above, marked)
    join ${seen('xmembers', at)} m on m.source_kind = d.kind and m.source_id = d.id and m.access_level > d.above`;
}

function losing(at: At, lists: readonly List[]): RawBuilder<unknown> {
  const level = sql`least(m.access_level, d.cap)`;
  return sql`select m.user_id from ${joined(at, lists)} group by m.user_id
    having max(${level}) filter (where d.marked = 1) > coalesce(max(${level}) filter (where d.marked = 0), 0)`;
}

/** Who would fall to a lower level, or out, without the marked lists; by number, `from` this one on. */
export async function peopleLosing(
  db: Db,
  at: At,
  lists: readonly List[],
  page: { from: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql`select user_id::text as user_id from (${losing(at, lists)}) losing
    where losing.user_id >= ${page.from}::bigint order by losing.user_id limit ${page.limit}`.execute(db);
  return rows.map((row) => parseRow('xmembers', reachedRow.pick({ user_id: true }), row).user_id);
}

/** How many they are. */
export async function countPeopleLosing(db: Db, at: At, lists: readonly List[]): Promise<number> {
  return counted(db, 'xmembers', sql`select count(*)::text as count from (${losing(at, lists)}) losing`);
}

/** The rows of these people on the lists. */
export async function rowsOnLists(
  db: Db,
  at: At,
  lists: readonly List[],
  userIds: readonly string[],
): Promise<MemberFact[]> {
  if (userIds.length === 0) return [];
  const of = (kind: SourceKey['kind']): RawBuilder<unknown> => {
    const sourceIds = new Set(lists.filter(({ list }) => list.kind === kind).map(({ list }) => list.id));
    return sql`(m.source_kind = ${kind} and m.source_id = any(${ids(sourceIds)}))`;
  };
  const { rows } = await sql`select ${MEMBER_COLUMNS} from ${seen('xmembers', at)} m
    where m.user_id = any(${ids(userIds)}) and (${of('group')} or ${of('project')})`.execute(db);
  return rows.map(parseMember);
}
