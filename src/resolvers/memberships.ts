import type { MemberRecord, Page, SourceKind, SourceRecord, UserRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { readIfShown } from './member-origins.ts';
import type { ConnectionOf, MemberNode, UserNode } from './nodes.ts';
import { pageSize } from './paging.ts';
import { markOf, pageOf, placeAfter } from './places.ts';
import { LARGEST_PAGE, readSegments, type Segment } from './segments.ts';
import { toMember } from './to-node.ts';

/** A direct row with the kind of place that it is in. */
type PlacedRow = { kind: SourceKind; record: MemberRecord };
type Asked = { first: number; after: string | null };

const KINDS: readonly SourceKind[] = ['group', 'project'];
/** Segments of GitLab's own list, and of the walk over the reach; the cursor tells by the name which of them a list goes on. */
const OWN = 'own';
const WALK = 'walk';

/**
 * A page of a person's direct rows in all groups, then all projects, that the connection can read. GitLab's own list is empty for
 * a private profile and for people who are not active (docs/gitlab.md §memberships): unless an administrator asks, an empty list
 * is not believed, and the groups and projects of the reach are asked for the person instead.
 */
export async function readMemberships(
  loaders: Loaders,
  user: UserNode,
  args: { first: number; after?: string | null },
): Promise<ConnectionOf<MemberNode>> {
  const { connectionId } = user;
  const first = pageSize(args.first);
  const mark = markOf(connectionId, 'memberships', user.id);
  const start = placeAfter(args.after, mark);
  const fromOwnList = start === null ? await believesOwnList(loaders, user, first) : start.segment.startsWith(OWN);
  const slice = await readSegments<PlacedRow>({
    segments: fromOwnList ? ownList(loaders, user.id) : walk(loaders, user.id),
    start,
    first,
    idOf: ({ record }) => record.rowId,
    keep: null,
    ahead: fromOwnList,
  });
  return pageOf(
    { ...slice, totalCount: null },
    {
      mark,
      after: args.after,
      toNode: ({ kind, record }) => toMember(connectionId, record.source ?? { kind, id: '0' }, 'DIRECT', record),
    },
  );
}

async function believesOwnList(loaders: Loaders, user: UserRecord, first: number): Promise<boolean> {
  if (loaders.connection.identity.isAdmin) return true;
  if (user.state !== 'ACTIVE') return false;
  const pages = await Promise.all(KINDS.map((kind) => ownPage(loaders, user.id, kind, { first, after: null })));
  return pages.some((page) => page.items.length > 0 || page.hasNextPage);
}

function ownList(loaders: Loaders, userId: string): Segment<PlacedRow>[] {
  return KINDS.map((kind) => ({
    name: `${OWN}:${kind}`,
    newestFirst: true,
    read: (asked) => ownPage(loaders, userId, kind, asked),
  }));
}

async function ownPage(loaders: Loaders, userId: string, kind: SourceKind, asked: Asked): Promise<Page<PlacedRow>> {
  const page = await loaders.memberships.load({ userId, kind, ...asked });
  if (page === null) return { items: [], hasNextPage: false, endCursor: null, totalCount: null };
  return { ...page, items: page.items.map((record) => ({ kind, record })) };
}

function walk(loaders: Loaders, userId: string): Segment<PlacedRow>[] {
  return KINDS.map((kind) => ({
    name: `${WALK}:${kind}`,
    newestFirst: false,
    // Always whole pages of the reach: few of them hold a row, and a page is then the same however many rows are asked for.
    read: ({ after }) => walkPage(loaders, userId, kind, after),
  }));
}

/** The person's rows in one page of the reach's groups or projects: one call for the page, and one batch for the rows. */
async function walkPage(
  loaders: Loaders,
  userId: string,
  kind: SourceKind,
  after: string | null,
): Promise<Page<PlacedRow> & { thinned: true }> {
  const page = await reachPage(loaders, kind, after);
  const rows = await Promise.all(page.items.map((source) => directRow(loaders, source, userId)));
  const items = rows.flatMap((records) => records.map((record) => ({ kind, record })));
  return { ...page, items, thinned: true };
}

async function reachPage(loaders: Loaders, kind: SourceKind, after: string | null): Promise<Page<SourceRecord>> {
  const asked = { search: null, first: LARGEST_PAGE, after, wholeInstance: loaders.connection.identity.isAdmin };
  return kind === 'group' ? loaders.client.groups({ ...asked, topLevelOnly: false }) : loaders.client.projects(asked);
}

async function directRow(loaders: Loaders, source: SourceRecord, userId: string): Promise<MemberRecord[]> {
  const { id, fullPath } = source;
  const asked = { id, fullPath, search: null, userIds: [userId], first: 1, after: null };
  const page = await readIfShown(
    loaders,
    source.kind === 'group'
      ? { ...asked, kind: 'group', relations: ['DIRECT'] }
      : { ...asked, kind: 'project', relations: ['DIRECT'] },
  );
  // A group that shows only because the token's user belongs to something beneath it: not one that this connection can read.
  return page?.items ?? [];
}
