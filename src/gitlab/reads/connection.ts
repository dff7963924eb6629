import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { z } from 'zod';
import type { PageRequest } from '../client.ts';
import type { GitLabError } from '../errors.ts';
import { part } from '../packing/part.ts';
import { toPage } from '../parse/pages.ts';
import type { RawPage } from '../parse/pages.ts';
import type { Page } from '../records.ts';
import type { Session } from '../session.ts';
import { orThrow } from './results.ts';

/** Pages read to fill one of ours where GitLab hides rows from this token. */
const MAX_READS = 10;

/**
 * One of our pages out of as many of GitLab's as it takes, since those may be short where rows are hidden (docs/gitlab.md
 * §GraphQL pages). After a bounded number of reads the page stays short, with `hasNextPage`.
 */
export async function fillPage<T>(
  { first, after }: PageRequest,
  read: (request: PageRequest) => Promise<Page<T>>,
): Promise<Page<T>> {
  const items: T[] = [];
  let cursor = after;
  for (let reads = 1; ; reads += 1) {
    const page = await read({ first: first - items.length, after: cursor });
    items.push(...page.items);
    if (items.length >= first || !page.hasNextPage || reads >= MAX_READS) return { ...page, items };
    cursor = page.endCursor;
  }
}

export type ConnectionRead<T, TData, TVariables extends Record<string, unknown>> = {
  document: TypedDocumentNode<TData, TVariables>;
  variables: TVariables;
  schema: z.ZodType<RawPage<T> | null, TData>;
};

/** One page of one connection; null if what holds it is not shown to this token. Rejects with what went wrong. */
export async function readConnection<T, TData, TVariables extends Record<string, unknown>>(
  session: Session,
  how: ConnectionRead<T, TData, TVariables>,
): Promise<Page<T> | null> {
  let result: Page<T> | null | GitLabError = null;
  const set = (value: Page<T> | null | GitLabError): void => {
    result = value;
  };
  const one = part({
    ...how,
    settle: (raw, errors) => {
      set(raw === null ? (errors[0]?.error ?? null) : toPage(raw));
      return null;
    },
    fail: set,
  });
  await session.run([one]);
  return orThrow<Page<T> | null>(result);
}
