import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { z } from 'zod';
import type { ByKey, GitLabClient } from '../client.ts';
import {
  GroupMembershipsDocument,
  GroupMembershipsOfUserDocument,
  ProjectMembershipsDocument,
  ProjectMembershipsOfUserDocument,
} from '../generated/operations.ts';
import { gid, isNumericId } from '../parse/gid.ts';
import {
  groupMembershipsAnswer,
  groupMembershipsOfUserAnswer,
  projectMembershipsAnswer,
  projectMembershipsOfUserAnswer,
  toPage,
} from '../parse/pages.ts';
import type { MembershipsOf } from '../parse/pages.ts';
import { GitLabError } from '../errors.ts';
import type { MemberRecord, Page } from '../records.ts';
import type { Session } from '../session.ts';
import { aliasPart, listParts } from './lookup.ts';
import type { ByAlias, ByList, Results } from './lookup.ts';

type MembershipsQuery = Parameters<GitLabClient['memberships']>[0][number];

/** People in one field; each brings rows of its own. */
const PEOPLE = 50;

type ListVariables = { ids: string[]; count: number; first: number; after?: string | null };
type OneVariables = { id: string; first: number; after?: string | null };
type Query = Pick<MembershipsQuery, 'first' | 'after'>;

function byList<TData>(
  document: TypedDocumentNode<TData, ListVariables>,
  schema: z.ZodType<(MembershipsOf | null)[], TData>,
  { first, after }: Query,
): ByList<MembershipsOf, TData, ListVariables> {
  return {
    document,
    variables: (ids) => ({ ids: ids.map((id) => gid('User', id)), count: ids.length, first, after }),
    schema,
    keyOf: (user) => user.userId,
    size: PEOPLE,
    rowsPerKey: first,
  };
}

function byAlias<TData>(
  document: TypedDocumentNode<TData, OneVariables>,
  schema: z.ZodType<MembershipsOf | null, TData>,
  { first, after }: Query,
): ByAlias<MembershipsOf, TData, OneVariables> {
  return { document, variables: (id) => ({ id: gid('User', id), first, after }), schema };
}

type Ask = {
  list: (ids: string[], results: Results<MembershipsOf>) => ReturnType<typeof listParts>;
  one: (id: string, results: Results<MembershipsOf>) => ReturnType<typeof aliasPart>;
};

function asking(query: MembershipsQuery): Ask {
  if (query.kind === 'group') {
    const list = byList(GroupMembershipsDocument, groupMembershipsAnswer, query);
    const one = byAlias(GroupMembershipsOfUserDocument, groupMembershipsOfUserAnswer, query);
    return { list: (ids, results) => listParts(list, ids, results), one: (id, results) => aliasPart(one, id, results) };
  }
  const list = byList(ProjectMembershipsDocument, projectMembershipsAnswer, query);
  const one = byAlias(ProjectMembershipsOfUserDocument, projectMembershipsOfUserAnswer, query);
  return { list: (ids, results) => listParts(list, ids, results), one: (id, results) => aliasPart(one, id, results) };
}

function pageFor(found: MembershipsOf | null | GitLabError): Page<MemberRecord> | null | GitLabError {
  if (found === null || found instanceof GitLabError) return found;
  return found.page === null
    ? new GitLabError('FORBIDDEN', "GitLab does not list this user's memberships to this token.")
    : toPage(found.page);
}

type Batch = { ask: Ask; queries: MembershipsQuery[]; results: Results<MembershipsOf> };

/** Questions of one kind and page share their fields, as a cursor goes with the user it came from. */
function batches(queries: readonly MembershipsQuery[]): Batch[] {
  const made = new Map<string, Batch>();
  for (const query of queries) {
    if (!isNumericId(query.userId)) continue;
    const own = query.after === null ? '' : query.userId;
    const key = JSON.stringify([query.kind, query.first, query.after, own]);
    const batch: Batch = made.get(key) ?? { ask: asking(query), queries: [], results: new Map() };
    batch.queries.push(query);
    made.set(key, batch);
  }
  return [...made.values()];
}

/**
 * Direct rows of people, newest first, over the sources that this token may read. A list of people leaves out the blocked,
 * so whoever is missing is asked for alone.
 */
export async function memberships(
  session: Session,
  queries: readonly MembershipsQuery[],
): Promise<ByKey<Page<MemberRecord>>> {
  const all = batches(queries);
  await session.run(
    all.flatMap(({ ask, queries: own, results }) => ask.list([...new Set(own.map((query) => query.userId))], results)),
  );
  await session.run(
    all.flatMap(({ ask, results }) =>
      [...results].flatMap(([id, found]) => (found === null ? [ask.one(id, results)] : [])),
    ),
  );
  const pages: ByKey<Page<MemberRecord>> = new Map(queries.map((query) => [query.key, null]));
  for (const { queries: own, results } of all) {
    for (const query of own) pages.set(query.key, pageFor(results.get(query.userId) ?? null));
  }
  return pages;
}
