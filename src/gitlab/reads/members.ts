import type { ByKey, MembersQuery } from '../client.ts';
import { GitLabError } from '../errors.ts';
import { GroupMembersByPathDocument, GroupMembersDocument, ProjectMembersDocument } from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { part } from '../packing/part.ts';
import type { Part, PartError } from '../packing/part.ts';
import { gid, isNumericId } from '../parse/gid.ts';
import { groupMembersAnswer, groupMembersByPathAnswer, projectMembersAnswer, toPage } from '../parse/pages.ts';
import type { MembersOf } from '../parse/pages.ts';
import type { MemberRecord, Page } from '../records.ts';
import type { Session } from '../session.ts';
import { asGitLabError, chunks } from './results.ts';

type Results = ByKey<Page<MemberRecord>>;

/** Parents in one field; beyond it time, not complexity, is what runs out (docs/gitlab.md §GraphQL complexity). */
const PARENTS = 20;

function forbidden(): GitLabError {
  return new GitLabError('FORBIDDEN', 'GitLab does not list the members there to this token.');
}

/** The answer's pages to the questions, by the id that each asks about. */
function settle(
  queries: readonly MembersQuery[],
  parents: readonly (MembersOf | null)[],
  errors: readonly PartError[],
  results: Results,
): void {
  const found = new Map(
    parents.flatMap((parent, index) => (parent === null ? [] : [[parent.id, { parent, index }] as const])),
  );
  const broken = parents.includes(null) || (parents.length === 0 && errors.length > 0);
  const missing = broken ? (errors[0]?.error ?? forbidden()) : null;
  for (const query of queries) {
    const entry = found.get(query.id);
    if (entry === undefined) results.set(query.key, missing);
    else if (entry.parent.page !== null) results.set(query.key, toPage(entry.parent.page));
    else
      results.set(
        query.key,
        errors.find(({ path }) => path[2] === entry.index)?.error ?? errors[0]?.error ?? forbidden(),
      );
  }
}

type Common = { search: string | null; userIds: string[] | null; first: number; after: string | null };

function common(query: MembersQuery): Common {
  return {
    search: query.search,
    userIds: query.userIds === null ? null : query.userIds.filter(isNumericId).map((id) => gid('User', id)),
    first: query.first,
    after: query.after,
  };
}

type Taking = Pick<Parameters<typeof part>[0], 'fail' | 'split' | 'rows'> & {
  settle: (parents: readonly (MembersOf | null)[], errors: readonly PartError[]) => null;
};

function taking(queries: readonly MembersQuery[], results: Results, again: (some: MembersQuery[]) => Part): Taking {
  return {
    rows: queries.length * (queries[0]?.first ?? 0),
    settle: (parents, errors) => {
      settle(queries, parents, errors, results);
      return null;
    },
    fail: (error) => {
      for (const query of queries) results.set(query.key, error);
    },
    split: () => (queries.length < 2 ? [] : chunks(queries, Math.ceil(queries.length / 2)).map(again)),
  };
}

/** One field for several questions that differ in the parent only. */
function together(queries: readonly MembersQuery[], results: Results): Part {
  const [first] = queries;
  if (first === undefined) throw new Error('A question about members is missing.');
  const take = taking(queries, results, (some) => together(some, results));
  const ids = [...new Set(queries.map(({ kind, id }) => gid(kind === 'group' ? 'Group' : 'Project', id)))];
  const variables = { ids, count: ids.length, ...common(first) };
  return first.kind === 'group'
    ? part({
        document: GroupMembersDocument,
        variables: { ...variables, relations: [...first.relations] },
        schema: groupMembersAnswer,
        ...take,
      })
    : part({
        document: ProjectMembersDocument,
        variables: { ...variables, relations: [...first.relations] },
        schema: projectMembersAnswer,
        ...take,
      });
}

/** For versions that cannot address groups by number. */
function byPath(query: MembersQuery & { kind: 'group' }, results: Results): Part {
  return part({
    document: GroupMembersByPathDocument,
    variables: { fullPath: query.fullPath, relations: [...query.relations], ...common(query) },
    schema: groupMembersByPathAnswer,
    ...taking([query], results, () => byPath(query, results)),
  });
}

/** Questions with equal arguments share a field; one with a cursor has its own, for a cursor belongs to one list. */
function shape(query: MembersQuery, index: number): string {
  const { kind, relations, first, search, userIds, after } = query;
  return JSON.stringify([kind, relations, first, search, userIds, after === null ? null : index]);
}

function partsFor(queries: readonly MembersQuery[], canAddressById: boolean, results: Results): Part[] {
  const groups = new Map<string, MembersQuery[]>();
  const parts: Part[] = [];
  queries.forEach((query, index) => {
    if (query.kind === 'group' && !canAddressById) {
      parts.push(byPath(query, results));
      return;
    }
    const key = shape(query, index);
    groups.set(key, [...(groups.get(key) ?? []), query]);
  });
  for (const group of groups.values()) {
    for (const some of chunks(group, PARENTS)) parts.push(together(some, results));
  }
  return parts;
}

/**
 * One page of members for each question. Null: the group or project is not shown to this token; FORBIDDEN: it is, but not its
 * members. GitLab gives one row per user over the relations that are asked for together (docs/gitlab.md §member lists).
 */
export async function members(session: Session, queries: readonly MembersQuery[]): Promise<Results> {
  const results: Results = new Map(queries.map((query) => [query.key, null]));
  const askable = queries.filter(
    ({ id, userIds }) => isNumericId(id) && (userIds === null || userIds.some(isNumericId)),
  );
  for (const { key, userIds } of queries) if (userIds?.length === 0) results.set(key, emptyPage());
  try {
    if (askable.some(({ kind }) => kind === 'group')) await session.learn();
  } catch (error) {
    for (const { key } of askable) results.set(key, asGitLabError(error));
    return results;
  }
  const byId = atLeast(session.knowledge, 17, 6);
  const direct = session.knowledge.lacks.has('memberIds') ? askable.filter(({ userIds }) => userIds === null) : askable;
  await session.run(partsFor(direct, byId, results));
  if (!session.knowledge.lacks.has('memberIds')) return results;
  const filtered = askable.filter(({ userIds }) => userIds !== null);
  await Promise.all(filtered.map(async (query) => results.set(query.key, await scan(session, query, byId))));
  return results;
}

/** Pages read for the rows of a few people where GitLab cannot be asked for these alone. */
const MAX_SCANNED = 50;
const SCAN_PAGE = 100;

/** The rows of the people asked for out of the whole list, for versions that cannot filter it (docs/gitlab.md §versions). */
async function scan(
  session: Session,
  query: MembersQuery,
  byId: boolean,
): Promise<Page<MemberRecord> | null | GitLabError> {
  const wanted = new Set(query.userIds);
  const items: MemberRecord[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < MAX_SCANNED; pages += 1) {
    const results: Results = new Map();
    await session.run(partsFor([{ ...query, userIds: null, first: SCAN_PAGE, after }], byId, results));
    const page: Page<MemberRecord> | null | GitLabError = results.get(query.key) ?? null;
    if (page === null || page instanceof GitLabError) return page;
    items.push(...page.items.filter((row) => wanted.has(row.user.id)));
    if (!page.hasNextPage || items.length >= wanted.size) return { ...emptyPage(), items };
    after = page.endCursor;
  }
  return new GitLabError('UNREADABLE', 'The list of members is too long to be searched for single people.');
}

function emptyPage(): Page<MemberRecord> {
  return { items: [], hasNextPage: false, endCursor: null, totalCount: null };
}
