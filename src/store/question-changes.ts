import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, parseRow, timeColumn } from './parse.ts';
import type { MemberFact, SourceKey } from './question-facts.ts';
import { within } from './question-rows.ts';
import { counted, dayColumn, words } from './questions.ts';
import type { At } from './questions.ts';
import type { Db } from './store.ts';

export const CHANGE_KINDS = ['JOINED', 'LEFT', 'RAISED', 'LOWERED', 'ROLE_CHANGED', 'EXPIRY_CHANGED'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What became of a person's direct membership between two runs; null: there was or is none. */
export type RowChange = { kind: ChangeKind; before: MemberFact | null; after: MemberFact | null };

/** From the run `sinceRun` to that of `at`; the tree is that of the later. */
export type ChangesFilter = { sinceRun: number; place: SourceKey | null; kinds: readonly ChangeKind[] };

export type ChangeCursor = { source: SourceKey; userId: string };

/** Stands for "never" where days are compared. */
const NEVER = '9999-12-31';

const side = z.object({
  level: z.int().nullable(),
  role: gitlabIdColumn.nullable(),
  day: dayColumn,
  made: timeColumn.nullable(),
});
const changeRow = z.object({
  kind: z.enum(CHANGE_KINDS),
  source_kind: z.enum(['group', 'project']),
  source_id: gitlabIdColumn,
  user_id: gitlabIdColumn,
  before_level: side.shape.level,
  before_role: side.shape.role,
  before_day: side.shape.day,
  before_made: side.shape.made,
  after_level: side.shape.level,
  after_role: side.shape.role,
  after_day: side.shape.day,
  after_made: side.shape.made,
});

/** In the order of places' numbers, groups first, and there of people's. */
export async function changesBetween(
  db: Db,
  at: At,
  filter: ChangesFilter,
  page: { after: ChangeCursor | null; limit: number },
): Promise<RowChange[]> {
  const { after, limit } = page;
  const beyond =
    after === null
      ? sql`true`
      : sql`(m.source_kind, m.source_id, m.user_id)
          > (${after.source.kind}::text, ${after.source.id}::bigint, ${after.userId}::bigint)`;
  const { rows } = await sql`select kind, source_kind, source_id::text as source_id, user_id::text as user_id,
      before_level, before_role::text as before_role, nullif(before_day, ${NEVER}::date)::text as before_day, before_made,
      after_level, after_role::text as after_role, nullif(after_day, ${NEVER}::date)::text as after_day, after_made
    from (${changes(at, filter, beyond)}) changed
    order by changed.source_kind, changed.source_id, changed.user_id limit ${limit}`.execute(db);
  return rows.map(parseChange);
}

/** How many they are. */
export async function countChanges(db: Db, at: At, filter: ChangesFilter): Promise<number> {
  const all = changes(at, filter, sql`true`);
  return counted(db, 'xmembers', sql`select count(*)::text as count from (${all}) changed`);
}

/** One person may have two rows in one place; the highest level counts, and the latest day. */
function changes(at: At, { sinceRun, place, kinds }: ChangesFilter, beyond: RawBuilder<unknown>): RawBuilder<unknown> {
  const { connectionId, run } = at;
  const during = (column: string): RawBuilder<unknown> =>
    sql`${sql.ref(column)} > ${sinceRun}::int and ${sql.ref(column)} <= ${run}::int`;
  const sideOf = (name: string, number: number): RawBuilder<unknown> => {
    const then = sql`filter (where m.from_run <= ${number}::int and (m.to_run is null or m.to_run > ${number}::int))`;
    return sql`max(m.access_level) ${then} as ${sql.ref(`${name}_level`)},
      max(m.member_role_id) ${then} as ${sql.ref(`${name}_role`)},
      max(coalesce(m.expires_at, ${NEVER}::date)) ${then} as ${sql.ref(`${name}_day`)},
      min(m.created_at) ${then} as ${sql.ref(`${name}_made`)}`;
  };
  return sql`select * from (
    select *, case when before_level is null and after_level is null then null
        when before_level is null then 'JOINED' when after_level is null then 'LEFT'
        when after_level > before_level then 'RAISED' when after_level < before_level then 'LOWERED'
        when after_role is distinct from before_role then 'ROLE_CHANGED'
        when after_day <> before_day then 'EXPIRY_CHANGED' end as kind
    from (
      select touched.*, sides.* from (
        select distinct m.source_kind, m.source_id, m.user_id from xmembers m
        where m.connection_id = ${connectionId}::bigint and ((${during('m.from_run')}) or (${during('m.to_run')}))
          and ${within('m', at, place)} and ${beyond}
      ) touched cross join lateral (
        select ${sideOf('before', sinceRun)}, ${sideOf('after', run)} from xmembers m
        where m.connection_id = ${connectionId}::bigint and m.source_kind = touched.source_kind
          and m.source_id = touched.source_id and m.user_id = touched.user_id
      ) sides
    ) sides
  ) kinds where kind = any(${words(kinds)})`;
}

function parseChange(row: unknown): RowChange {
  const found = parseRow('xmembers', changeRow, row);
  const common = { source: { kind: found.source_kind, id: found.source_id }, userId: found.user_id };
  const fact = (
    level: number | null,
    rest: Omit<MemberFact, 'accessLevel' | 'source' | 'userId'>,
  ): MemberFact | null => (level === null ? null : { ...common, accessLevel: level, ...rest });
  return {
    kind: found.kind,
    before: fact(found.before_level, {
      memberRoleId: found.before_role,
      expiresAt: found.before_day,
      createdAt: found.before_made,
    }),
    after: fact(found.after_level, {
      memberRoleId: found.after_role,
      expiresAt: found.after_day,
      createdAt: found.after_made,
    }),
  };
}
