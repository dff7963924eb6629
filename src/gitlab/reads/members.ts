import type { ByKey, GroupRelation, MembersQuery, ProjectRelation } from '../client.ts';
import { GitLabError } from '../errors.ts';
import {
  DirectGroupMembersDocument,
  GroupMembersByPathDocument,
  GroupMembersDocument,
  ProjectMembersDocument,
} from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import type { RowCounts } from '../graphql/row-counts.ts';
import { complexity } from '../packing/cost.ts';
import { part } from '../packing/part.ts';
import type { Part, PartError } from '../packing/part.ts';
import { gid, isNumericId } from '../parse/gid.ts';
import {
  directGroupMembersAnswer,
  groupMembersAnswer,
  groupMembersByPathAnswer,
  projectMembersAnswer,
  toPage,
} from '../parse/pages.ts';
import type { MembersOf } from '../parse/pages.ts';
import type { MemberRecord, Page } from '../records.ts';
import type { Session } from '../session.ts';
import { fieldsFor, halvesOf, weightOf } from './member-fields.ts';
import type { MembersField } from './member-fields.ts';
import { asGitLabError } from './results.ts';

type Results = ByKey<Page<MemberRecord>>;

/** How the parts of one call are made and where their answers go. */
type Reading = { results: Results; rowCounts: RowCounts };

function forbidden(): GitLabError {
  return new GitLabError('FORBIDDEN', 'GitLab does not list the members there to this token.');
}

/** The page as one question has it: of the people it asked for only. */
function ownPage(page: Page<MemberRecord> | GitLabError, { userIds }: MembersQuery): Page<MemberRecord> | GitLabError {
  if (page instanceof GitLabError || userIds === null) return page;
  return { ...page, items: page.items.filter((row) => userIds.includes(row.user.id)) };
}

function isDirect({ relations }: Pick<MembersQuery, 'relations'>): boolean {
  return relations.length === 1 && relations[0] === 'DIRECT';
}

function isWholeList(field: MembersField): boolean {
  const { search, userIds, after } = field;
  return isDirect(field) && search === null && userIds === null && after === null;
}

/** The answer's pages to the questions, by the id that each asks about. */
function settle(
  field: MembersField,
  parents: readonly (MembersOf | null)[],
  errors: readonly PartError[],
  { results, rowCounts }: Reading,
): void {
  const found = new Map(
    parents.flatMap((parent, index) => (parent === null ? [] : [[parent.id, { parent, index }] as const])),
  );
  const broken = parents.includes(null) || (parents.length === 0 && errors.length > 0);
  const missing = broken ? (errors[0]?.error ?? forbidden()) : null;
  const pageOf = (id: string): Page<MemberRecord> | GitLabError | null => {
    const entry = found.get(id);
    if (entry === undefined) return missing;
    if (entry.parent.page !== null) return toPage(entry.parent.page);
    return errors.find(({ path }) => path[2] === entry.index)?.error ?? errors[0]?.error ?? forbidden();
  };
  for (const [id, questions] of Map.groupBy(field.questions, (question) => question.id)) {
    const page = pageOf(id);
    for (const question of questions) results.set(question.key, page === null ? null : ownPage(page, question));
    if (isWholeList(field) && page !== null && !(page instanceof GitLabError) && !page.hasNextPage) {
      rowCounts.saw(field.kind, id, page.items.length);
    }
  }
}

type Common = { search: string | null; userIds: string[] | null; first: number; after: string | null };

function common({ search, userIds, first, after }: MembersField): Common {
  return { search, userIds: userIds?.filter(isNumericId).map((id) => gid('User', id)) ?? null, first, after };
}

type Taking = Pick<Parameters<typeof part>[0], 'fail' | 'split' | 'rows'> & {
  settle: (parents: readonly (MembersOf | null)[], errors: readonly PartError[]) => null;
};

function taking(field: MembersField, reading: Reading, again: (half: MembersField) => Part): Taking {
  return {
    rows: weightOf(field, { rowsOf: rowsOf(reading.rowCounts) }),
    settle: (parents, errors) => {
      settle(field, parents, errors, reading);
      return null;
    },
    fail: (error) => {
      for (const { key } of field.questions) reading.results.set(key, error);
    },
    split: () => halvesOf(field).map(again),
  };
}

/** One field for all parents at once. */
function together(field: MembersField, reading: Reading): Part {
  const ids = field.parents.map((id) => gid(field.kind === 'group' ? 'Group' : 'Project', id));
  const variables = { ids, count: ids.length, ...common(field) };
  const take = taking(field, reading, (half) => together(half, reading));
  if (field.kind === 'group' && isDirect(field)) {
    return part({ document: DirectGroupMembersDocument, variables, schema: directGroupMembersAnswer, ...take });
  }
  return field.kind === 'group'
    ? part({
        document: GroupMembersDocument,
        variables: { ...variables, relations: field.relations as GroupRelation[] },
        schema: groupMembersAnswer,
        ...take,
      })
    : part({
        document: ProjectMembersDocument,
        variables: { ...variables, relations: field.relations as ProjectRelation[] },
        schema: projectMembersAnswer,
        ...take,
      });
}

/** One parent by its path, for versions that cannot address groups by number. */
function byPath(field: MembersField, reading: Reading): Part[] {
  return [...Map.groupBy(field.questions, ({ id }) => id)].map(([id, questions]) => {
    const own = { ...field, parents: [id], questions };
    return part({
      document: GroupMembersByPathDocument,
      variables: {
        fullPath: questions[0]?.fullPath ?? '',
        relations: field.relations as GroupRelation[],
        ...common(field),
      },
      schema: groupMembersByPathAnswer,
      ...taking(own, reading, (half) => together(half, reading)),
    });
  });
}

/** How many rows a question may bring, by what is known of the list. */
function rowsOf(rowCounts: RowCounts): (question: MembersQuery) => number {
  return (question) => {
    const { kind, id, first } = question;
    return Math.min(first, (isDirect(question) ? rowCounts.of(kind, id) : null) ?? first);
  };
}

function pointsOf(field: MembersField, parents: number): number {
  const ofGroups = isDirect(field) ? DirectGroupMembersDocument : GroupMembersDocument;
  const document = field.kind === 'group' ? ofGroups : ProjectMembersDocument;
  return complexity(document, { count: parents, first: field.first, search: field.search });
}

function partsFor(
  session: Session,
  queries: readonly MembersQuery[],
  canAddressById: boolean,
  results: Results,
): Part[] {
  const { rowCounts } = session.knowledge;
  const reading = { results, rowCounts };
  const fields = fieldsFor(queries, { ...session.limits(), rowsOf: rowsOf(rowCounts), pointsOf });
  return fields.flatMap((field) =>
    field.kind === 'group' && !canAddressById ? byPath(field, reading) : [together(field, reading)],
  );
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
  await session.run(partsFor(session, direct, byId, results));
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
    await session.run(partsFor(session, [{ ...query, userIds: null, first: SCAN_PAGE, after }], byId, results));
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
