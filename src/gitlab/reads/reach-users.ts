import { z } from 'zod';
import type { GroupRelation, ListQuery, MembersQuery, PageRequest } from '../client.ts';
import { reachGroups } from '../rest/groups.ts';
import { decodeCursor } from '../rest/paging.ts';
import type { MemberRecord, Page, UserRecord } from '../records.ts';
import type { Session } from '../session.ts';
import { fillPage } from './connection.ts';
import { members } from './members.ts';
import { orThrow } from './results.ts';

/** A group's own rows and those of everything below it, one per user. */
const WHOLE_TREE: readonly GroupRelation[] = ['DIRECT', 'DESCENDANTS'];

/** The groups of the reach that are not below another of it, oldest first. */
export async function reachRoots(session: Session): Promise<string[]> {
  const groups = await reachGroups(session);
  const ids = new Set(groups.map((group) => group.id));
  return groups.filter(({ parentId }) => parentId === null || !ids.has(parentId)).map((group) => group.id);
}

/** Where a list over all roots stands: in which root, and how far there. */
const cursorSchema = z.object({ root: z.string().regex(/^\d+$/), after: z.string().nullable() });

function encode(root: string, after: string | null): string {
  return Buffer.from(JSON.stringify({ root, after })).toString('base64url');
}

function question(root: string, rest: Pick<MembersQuery, 'search' | 'userIds' | 'first' | 'after'>): MembersQuery {
  return { key: root, kind: 'group', id: root, fullPath: '', relations: WHOLE_TREE, ...rest };
}

const EMPTY: Page<MemberRecord> = { items: [], hasNextPage: false, endCursor: null, totalCount: null };

async function treeMembers(session: Session, queries: readonly MembersQuery[]): Promise<Page<MemberRecord>[]> {
  const pages = await members(session, queries);
  return queries.map((query) => orThrow(pages.get(query.key) ?? null) ?? EMPTY);
}

/** Ids of these people who have a row below one of these roots. */
async function among(session: Session, people: readonly UserRecord[], roots: readonly string[]): Promise<Set<string>> {
  if (people.length === 0 || roots.length === 0) return new Set();
  const userIds = people.map((user) => user.id);
  const queries = roots.map((root) => question(root, { search: null, userIds, first: userIds.length, after: null }));
  const pages = await treeMembers(session, queries);
  return new Set(pages.flatMap((page) => page.items.map((row) => row.user.id)));
}

/** The root to go on in; one that has left the reach since is passed over for the next (they are in the order of their ids). */
function placeOf(roots: readonly string[], cursor: string | null): { index: number; inner: string | null } {
  if (cursor === null) return { index: 0, inner: null };
  const { root, after } = decodeCursor(cursor, cursorSchema);
  const index = roots.findIndex((candidate) => BigInt(candidate) >= BigInt(root));
  return { index: index === -1 ? roots.length : index, inner: roots[index] === root ? after : null };
}

/** Who comes after a place, from one root only, without those who were shown under an earlier one. */
async function readFrom(
  session: Session,
  search: string | null,
  roots: readonly string[],
  { first, after }: PageRequest,
): Promise<Page<UserRecord>> {
  const { index, inner } = placeOf(roots, after);
  const root = roots[index];
  if (root === undefined) return { items: [], hasNextPage: false, endCursor: null, totalCount: null };
  const [page = EMPTY] = await treeMembers(session, [question(root, { search, userIds: null, first, after: inner })]);
  const people = page.items.map((row) => row.user);
  const shown = await among(session, people, roots.slice(0, index));
  const next = roots[index + 1];
  const place = page.hasNextPage ? encode(root, page.endCursor) : next === undefined ? null : encode(next, null);
  return {
    items: people.filter((user) => !shown.has(user.id)),
    hasNextPage: place !== null,
    endCursor: place ?? encode(root, page.endCursor),
    totalCount: null,
  };
}

/**
 * People with a row in the reach: the trees of its top groups one after the other, each person under the first tree that has
 * him. Never the public of an instance (docs/gitlab.md §reach).
 */
export async function reachUsers(session: Session, query: ListQuery): Promise<Page<UserRecord>> {
  const roots = await session.roots();
  const search = query.search === '' ? null : query.search;
  return fillPage(query, async (request) => readFrom(session, search, roots, request));
}
