import { LARGEST_PAGE, allRows, offsetList } from './paging.ts';
import type { ListQuery } from '../client.ts';
import { restGroup } from '../parse/sources.ts';
import type { GroupRecord, Page } from '../records.ts';
import type { Session } from '../session.ts';
import { restRead } from '../session.ts';
import { parseBody } from '../parse/rest.ts';
import { z } from 'zod';

const PATH = '/api/v4/groups';

/** The lowest level that GitLab takes here; it stands for "a member there, or of something above" (docs/gitlab.md §reach). */
const ANY_MEMBER = 10;

/** Oldest first, so that new groups do not move the numbered pages. */
const ORDER = { order_by: 'id', sort: 'asc' };

export type GroupsQuery = ListQuery & { topLevelOnly: boolean; wholeInstance: boolean };

/** Groups of the instance, or those that the token's user is a member of and all below them (docs/gitlab.md §reach). */
export async function listGroups(session: Session, query: GroupsQuery): Promise<Page<GroupRecord>> {
  const call = {
    path: PATH,
    query: {
      ...ORDER,
      ...(query.wholeInstance ? { all_available: true } : { min_access_level: ANY_MEMBER }),
      ...(query.topLevelOnly ? { top_level_only: true } : {}),
      ...(query.search === null || query.search === '' ? {} : { search: query.search }),
    },
    subject: 'other' as const,
  };
  const page = await offsetList(session, call, restGroup, query);
  return { ...page, items: page.items.map((group) => group.record) };
}

const MAX_REACH_PAGES = 200;

/** Every group of the reach, oldest first. */
export async function reachGroups(session: Session): Promise<GroupRecord[]> {
  const call = { path: PATH, query: { ...ORDER, min_access_level: ANY_MEMBER }, subject: 'other' as const };
  return (await allRows(session, call, restGroup, MAX_REACH_PAGES)).map((group) => group.record);
}

export type ReachGroup = z.output<typeof restGroup>;

/** Up to `limit` groups of the reach, top-level ones first. */
export async function firstGroups(session: Session, limit: number): Promise<ReachGroup[]> {
  const size = Math.min(Math.max(limit, 1), LARGEST_PAGE);
  const ask = async (topLevelOnly: boolean): Promise<ReachGroup[]> => {
    const query = {
      ...ORDER,
      min_access_level: ANY_MEMBER,
      per_page: size,
      ...(topLevelOnly ? { top_level_only: true } : {}),
    };
    return parseBody(
      await session.exchange.read(restRead(session, { path: PATH, query, subject: 'other' })),
      z.array(restGroup),
    );
  };
  const top = await ask(true);
  if (top.length >= size) return top.slice(0, size);
  const known = new Set(top.map((group) => group.record.id));
  const below = (await ask(false)).filter((group) => !known.has(group.record.id));
  return [...top, ...below].slice(0, size);
}
