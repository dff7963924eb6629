import { z } from 'zod';
import type { PageRequest, TokenHolder, TokensQuery } from '../client.ts';
import type { QueryValue } from '../exchange.ts';
import { GitLabError } from '../errors.ts';
import { numericId, parseBody } from '../parse/rest.ts';
import { accessTokenAnswer } from '../parse/tokens.ts';
import { restGroup, restProjectRef } from '../parse/sources.ts';
import type { AccessTokenRecord, Page, ServiceAccountRecord, SourceKind, SourceRef } from '../records.ts';
import { restRead, sourcePath } from '../session.ts';
import type { RestRead, Session } from '../session.ts';
import { offsetList } from './paging.ts';

const PERSONAL = '/api/v4/personal_access_tokens';

/**
 * A page of access tokens, the lowest number first, which is a total order and keeps new tokens at the end. The filters are sent
 * along and only narrow what is read: older versions ignore some of them (docs/gitlab.md §access tokens). Rejects with FORBIDDEN
 * where GitLab refuses these tokens to this one.
 */
export async function accessTokens(
  session: Session,
  holder: TokenHolder,
  query: TokensQuery,
): Promise<Page<AccessTokenRecord>> {
  const { path, query: of, subject } = listOf(holder);
  const call = { path, query: { ...of, ...filters(query) }, subject };
  return orForbidden(session, offsetList(session, call, accessTokenAnswer(sourceOf(holder)), query));
}

/** One token by number: of this group or project, or of anybody that the list of personal ones would show; null: none is shown. */
export async function accessToken(
  session: Session,
  holder: SourceRef | { kind: 'instance' },
  id: string,
): Promise<AccessTokenRecord | null> {
  const { path, subject } = listOf(holder);
  const call = restRead(session, { path: `${path}/${encodeURIComponent(id)}`, subject });
  try {
    return parseBody(await orForbidden(session, session.exchange.read(call)), accessTokenAnswer(sourceOf(holder)));
  } catch (error) {
    if (error instanceof GitLabError && (error.code === 'NOT_FOUND' || error.code === 'SOURCE_NOT_FOUND')) return null;
    throw error;
  }
}

function listOf(holder: TokenHolder): Required<RestRead> {
  switch (holder.kind) {
    case 'instance':
      return { path: PERSONAL, query: {}, subject: 'other' };
    case 'user':
      return { path: PERSONAL, query: { user_id: holder.id }, subject: 'user' };
    case 'account':
      return { path: accountPath(holder), query: {}, subject: 'user' };
    default:
      return { path: `${sourcePath(holder)}/access_tokens`, query: {}, subject: 'source' };
  }
}

function accountPath({ groupId, id }: { groupId: string; id: string }): string {
  const group = sourcePath({ kind: 'group', id: groupId });
  return `${group}/service_accounts/${encodeURIComponent(id)}/personal_access_tokens`;
}

function sourceOf(holder: TokenHolder): SourceRef | null {
  return holder.kind === 'group' || holder.kind === 'project' ? { kind: holder.kind, id: holder.id } : null;
}

/** Inactive ones are never asked for: GitLab's filter leaves out those that expire today (docs/gitlab.md §access tokens). */
function filters({ activeOnly, expiresBefore, createdBefore, createdAfter }: TokensQuery): Record<string, QueryValue> {
  return {
    ...(activeOnly === true ? { state: 'active' } : {}),
    ...(expiresBefore == null ? {} : { expires_before: expiresBefore }),
    ...(createdBefore == null ? {} : { created_before: createdBefore.toISOString() }),
    ...(createdAfter == null ? {} : { created_after: createdAfter.toISOString() }),
  };
}

/**
 * GitLab says 401 to a good token that may not see these tokens, and to a token that it no longer knows. So the token is looked
 * at: if it lives, the answer was a refusal (docs/gitlab.md §access tokens).
 */
async function orForbidden<T>(session: Session, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GitLabError) || error.code !== 'UNAUTHENTICATED') throw error;
    await session.alive();
    throw new GitLabError('FORBIDDEN', "GitLab does not show these access tokens to this connection's user.", {
      ...error.details,
    });
  }
}

/** Owner of a group, Maintainer of a project: whoever has this sees its access tokens (docs/gitlab.md §access tokens). */
const MANAGES = { group: 50, project: 40 } as const;
const ORDER = { order_by: 'id', sort: 'asc' };

/**
 * Groups, or projects, whose access tokens the token's user may see by its own rows, the lowest number first. Groups owned only
 * by a share or as an administrator are not among them (docs/gitlab.md §reach).
 */
export async function managedSources(
  session: Session,
  query: PageRequest & { kind: SourceKind; topLevelOnly?: boolean },
): Promise<Page<SourceRef>> {
  const { kind, topLevelOnly } = query;
  const asked = { ...ORDER, min_access_level: MANAGES[kind] };
  if (kind === 'project') {
    const call = { path: '/api/v4/projects', query: { ...asked, membership: true, simple: true } };
    return offsetList(session, { ...call, subject: 'other' }, restProjectRef, query);
  }
  const call = { path: '/api/v4/groups', query: { ...asked, ...(topLevelOnly ? { top_level_only: true } : {}) } };
  const page = await offsetList(session, { ...call, subject: 'other' }, restGroup, query);
  return { ...page, items: page.items.map(({ record }): SourceRef => ({ kind: 'group', id: record.id })) };
}

const serviceAccount = z
  .object({ id: numericId, username: z.string(), name: z.string() })
  .transform((account): ServiceAccountRecord => account);

/** A page of the service accounts that a group made, the lowest number first (docs/gitlab.md §service accounts). */
export async function serviceAccounts(
  session: Session,
  groupId: string,
  page: PageRequest,
): Promise<Page<ServiceAccountRecord>> {
  const path = `${sourcePath({ kind: 'group', id: groupId })}/service_accounts`;
  return offsetList(session, { path, query: ORDER, subject: 'source' }, serviceAccount, page);
}
