import type { DirectRow, MemberRecord, UserRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { readOrigin, type Origin } from './member-origins.ts';
import type { SourceNode } from './nodes.ts';
import { LARGEST_PAGE, type SegmentPage } from './segments.ts';

/**
 * A page of people who reach the source only by a private group that was invited and that this token may not read. GitLab's lists
 * leave them out, but its list of everybody has them, without saying where their row lives (docs/gitlab.md §member lists). So that
 * list is read, and who stands in any of the others (`shown`) is taken out. An administrator's token has nothing hidden from it.
 */
export async function readHidden(
  loaders: Loaders,
  source: SourceNode,
  shown: readonly Origin[],
  asked: { search: string | null; after: string | null },
): Promise<SegmentPage<MemberRecord>> {
  const { kind, id } = source;
  const page = await loaders.client.allMembers({ kind, id }, { ...asked, first: LARGEST_PAGE, userIds: null });
  const seen = await peopleIn(loaders, shown, page.items);
  const rest = page.items.filter(({ userId, state }) => !seen.has(userId) && state === 'active');
  const users = await Promise.all(rest.map(({ userId }) => loaders.userById.load(userId)));
  const items = rest.flatMap((row, index) => {
    const user = users[index] ?? null;
    return user === null ? [] : [recordOf(row, user)];
  });
  return { ...page, items, thinned: true };
}

async function peopleIn(loaders: Loaders, lists: readonly Origin[], rows: readonly DirectRow[]): Promise<Set<string>> {
  const userIds = rows.map(({ userId }) => userId);
  if (userIds.length === 0) return new Set();
  const asked = { search: null, userIds, first: userIds.length, after: null };
  const pages = await Promise.all(lists.map((list) => readOrigin(loaders, list, asked)));
  return new Set(pages.flatMap(({ items }) => items.map(({ user }) => user.id)));
}

/** GitLab tells no number of such a row: the person stands for it, of whom there is one row here. */
function recordOf(row: DirectRow, user: UserRecord): MemberRecord {
  const { accessLevel, expiresAt, createdAt } = row;
  return { rowId: `u${user.id}`, user, accessLevel, expiresAt, createdAt, createdBy: null, source: null };
}
