import type { AllMembersQuery } from '../client.ts';
import { directRow } from '../parse/members.ts';
import { isNumericId } from '../parse/gid.ts';
import type { DirectRow, Page, SourceRef } from '../records.ts';
import { sourcePath } from '../session.ts';
import type { Session } from '../session.ts';
import { offsetList } from './paging.ts';

/**
 * A page of everybody who reaches the source by any way, one row for each person, the oldest row first. It also shows those who
 * come by a private group that was invited, whom GraphQL leaves out (docs/gitlab.md §member lists).
 */
export async function allMembers(
  session: Session,
  source: SourceRef,
  query: AllMembersQuery,
): Promise<Page<DirectRow>> {
  const userIds = query.userIds?.filter(isNumericId) ?? null;
  if (userIds?.length === 0) return { items: [], hasNextPage: false, endCursor: null, totalCount: null };
  const call = {
    path: `${sourcePath(source)}/members/all`,
    query: {
      ...(userIds === null ? {} : { user_ids: userIds }),
      ...(query.search === null || query.search === '' ? {} : { query: query.search }),
    },
    subject: 'source' as const,
  };
  return offsetList(session, call, directRow, query);
}
