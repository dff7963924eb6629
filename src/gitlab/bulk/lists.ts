import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { Kind, visit } from 'graphql';
import type { z } from 'zod';
import { GitLabError } from '../errors.ts';
import {
  BulkDescendantsDocument,
  BulkGroupsDocument,
  BulkProjectsDocument,
  BulkUsersDocument,
} from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { operationOf } from '../packing/merge.ts';
import { part } from '../packing/part.ts';
import { toPage } from '../parse/pages.ts';
import type { RawPage } from '../parse/pages.ts';
import { orThrow } from '../reads/results.ts';
import type { Session } from '../session.ts';
import { descendantsAnswer, groupsAnswer, projectsAnswer, usersAnswer } from './parse.ts';
import type { BulkGroup, BulkPage, BulkProject, BulkUser } from './records.ts';

const PAGE = 100;

type Listing<T, TData, TVariables extends Record<string, unknown>> = {
  document: TypedDocumentNode<TData, TVariables>;
  variables: TVariables;
  schema: z.ZodType<RawPage<T> | null, TData>;
  /** What is listed, for people. */
  what: string;
};

/** One page as GitLab has it, never filled up from the next. Rejects where nothing is listed at all. */
async function readList<T, TData, TVariables extends Record<string, unknown>>(
  session: Session,
  { what, ...how }: Listing<T, TData, TVariables>,
): Promise<BulkPage<T>> {
  let result: BulkPage<T> | GitLabError = new GitLabError('UNREADABLE', `GitLab did not answer about ${what}.`);
  const set = (value: BulkPage<T> | GitLabError): void => {
    result = value;
  };
  const one = part({
    ...how,
    settle: (raw, errors) => {
      const page = raw === null ? null : toPage(raw);
      if (page === null)
        set(errors[0]?.error ?? new GitLabError('FORBIDDEN', `GitLab shows no ${what} to this token.`));
      else if (page instanceof GitLabError) set(page);
      else set({ ...page, gaps: raw?.nodes.filter((node) => node === null).length ?? 0 });
      return null;
    },
    fail: set,
  });
  await session.run([one]);
  return orThrow<BulkPage<T>>(result);
}

export async function listGroups(
  session: Session,
  after: string | null,
  newestFirst: boolean,
): Promise<BulkPage<BulkGroup>> {
  const variables = { sort: newestFirst ? 'id_desc' : 'id_asc', first: PAGE, after };
  return readList(session, { document: BulkGroupsDocument, variables, schema: groupsAnswer, what: 'groups' });
}

export async function groupsBelow(
  session: Session,
  fullPath: string,
  after: string | null,
): Promise<BulkPage<BulkGroup>> {
  const variables = { fullPath, first: PAGE, after };
  const what = `groups below ${fullPath}`;
  return readList(session, { document: BulkDescendantsDocument, variables, schema: descendantsAnswer, what });
}

export async function listProjects(
  session: Session,
  after: string | null,
  membershipOnly: boolean,
): Promise<BulkPage<BulkProject>> {
  const variables = { membership: membershipOnly ? true : null, first: PAGE, after };
  return readList(session, { document: BulkProjectsDocument, variables, schema: projectsAnswer, what: 'projects' });
}

export async function listUsers(session: Session, after: string | null): Promise<BulkPage<BulkUser>> {
  const document = await forVersion(session, BulkUsersDocument);
  return readList(session, { document, variables: { first: PAGE, after }, schema: usersAnswer, what: 'people' });
}

const withoutActivity = new WeakMap<object, unknown>();

/** The document for this GitLab: below 17.6 nobody's last activity can be asked for (docs/gitlab.md §versions). */
export async function forVersion<TData, TVariables>(
  session: Session,
  document: TypedDocumentNode<TData, TVariables>,
): Promise<TypedDocumentNode<TData, TVariables>> {
  await session.learn();
  if (atLeast(session.knowledge, 17, 6)) return document;
  const name = `${operationOf(document).name?.value ?? ''}_old`;
  const known = withoutActivity.get(document);
  if (known !== undefined) return known as TypedDocumentNode<TData, TVariables>;
  const made: TypedDocumentNode<TData, TVariables> = visit(document, {
    OperationDefinition: (node) => ({ ...node, name: { kind: Kind.NAME, value: name } }),
    Field: (node) => (node.name.value === 'lastActivityOn' ? null : undefined),
  });
  withoutActivity.set(document, made);
  return made;
}
