import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, parseRow } from './parse.ts';
import { GROUP_COLUMNS, PROJECT_COLUMNS, parseSource } from './question-facts.ts';
import type { SourceFact, SourceKey } from './question-facts.ts';
import { counted, ids, seen } from './questions.ts';
import type { At } from './questions.ts';
import type { Db } from './store.ts';

/** Places by how they are reached: all from these groups down, these projects, and of these groups those with none above. */
export type Hit = { below: readonly string[]; projects: readonly string[]; tops: readonly string[] };

/** Places that are hit and not otherwise hit. */
export type Clause = { hit: Hit; not: Hit };

/** Where a page goes on: after this place, in the order of full paths (of their bytes), kinds and numbers. */
export type PlaceCursor = { fullPath: string; kind: SourceKey['kind']; id: string };

/** Groups and projects that meet any of the clauses, in the order of their paths. */
export async function placesMatching(
  db: Db,
  at: At,
  wanted: { clauses: readonly Clause[]; kinds: readonly SourceKey['kind'][] },
  page: { after: PlaceCursor | null; limit: number },
): Promise<SourceFact[]> {
  const queries = wanted.kinds.map((kind) => {
    const { columns, from, table } = tableOf(kind, at);
    return sql`(select ${columns} from ${from} where ${anyOf(kind, wanted.clauses)} and ${beyond(kind, page.after)}
      order by ${table}.full_path collate "C", ${table}.gitlab_id limit ${page.limit})`;
  });
  if (queries.length === 0 || wanted.clauses.length === 0) return [];
  const { rows } = await sql`select * from (${sql.join(queries, sql` union all `)}) place
    order by full_path collate "C", kind, id::bigint limit ${page.limit}`.execute(db);
  return rows.map(parseSource);
}

/** How many there are. */
export async function countPlaces(
  db: Db,
  at: At,
  wanted: { clauses: readonly Clause[]; kinds: readonly SourceKey['kind'][] },
): Promise<number> {
  const queries = wanted.kinds.map((kind) => {
    return sql`(select count(*) from ${tableOf(kind, at).from} where ${anyOf(kind, wanted.clauses)})`;
  });
  if (queries.length === 0 || wanted.clauses.length === 0) return 0;
  return counted(db, 'xgroups and xprojects', sql`select (${sql.join(queries, sql` + `)})::text as count`);
}

type Kind = SourceKey['kind'];
const placeRow = z.object({ kind: z.enum(['group', 'project']), id: gitlabIdColumn });

function tableOf(
  kind: Kind,
  at: At,
): { columns: RawBuilder<unknown>; from: RawBuilder<unknown>; table: RawBuilder<unknown> } {
  return kind === 'group'
    ? { columns: GROUP_COLUMNS, from: sql`${seen('xgroups', at)} g`, table: sql.ref('g') }
    : { columns: PROJECT_COLUMNS, from: sql`${seen('xprojects', at)} p`, table: sql.ref('p') };
}

function beyond(kind: Kind, after: PlaceCursor | null): RawBuilder<unknown> {
  if (after === null) return sql`true`;
  const table = sql.ref(kind === 'group' ? 'g' : 'p');
  return sql`(${table}.full_path collate "C" >= ${after.fullPath}
    and (${table}.full_path collate "C", ${kind}::text, ${table}.gitlab_id)
      > (${after.fullPath}::text, ${after.kind}::text, ${after.id}::bigint))`;
}

function anyOf(kind: Kind, clauses: readonly Clause[]): RawBuilder<unknown> {
  const each = clauses.map(({ hit, not }) =>
    isEmpty(not) ? isHit(kind, hit) : sql`(${isHit(kind, hit)} and not ${isHit(kind, not)})`,
  );
  return sql`(${sql.join(each, sql` or `)})`;
}

function isEmpty({ below, projects, tops }: Hit): boolean {
  return below.length + projects.length + tops.length === 0;
}

function isHit(kind: Kind, { below, projects, tops }: Hit): RawBuilder<unknown> {
  const table = sql.ref(kind === 'group' ? 'g' : 'p');
  const parts: RawBuilder<unknown>[] = [];
  if (below.length > 0) parts.push(sql`${table}.path_ids && ${ids(below)}`);
  if (kind === 'project' && projects.length > 0) parts.push(sql`p.gitlab_id = any(${ids(projects)})`);
  if (kind === 'group' && tops.length > 0) {
    parts.push(sql`(g.gitlab_id = any(${ids(tops)}) and cardinality(g.path_ids) = 1)`);
  }
  return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`;
}

/** The numbers of a group and all groups below it, and of all projects there. */
export async function placesBelow(db: Db, at: At, groupId: string): Promise<{ groups: string[]; projects: string[] }> {
  const { rows } = await sql`
    select 'group' as kind, gitlab_id::text as id from ${seen('xgroups', at)} g where path_ids && ${ids([groupId])}
    union all
    select 'project', gitlab_id::text from ${seen('xprojects', at)} p where path_ids && ${ids([groupId])}`.execute(db);
  const found = rows.map((row) => parseRow('xgroups and xprojects', placeRow, row));
  const of = (kind: Kind): string[] => found.filter((place) => place.kind === kind).map(({ id }) => id);
  return { groups: of('group'), projects: of('project') };
}
