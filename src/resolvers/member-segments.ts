import type { PageRequest } from '../gitlab/client.ts';
import type { MemberRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { readHidden } from './hidden-rows.ts';
import { groupOrigins, projectOrigins, readOrigin, type Origin } from './member-origins.ts';
import type { MembershipKind, SourceNode } from './nodes.ts';
import type { Segment, SegmentPage } from './segments.ts';

/** A row with the kind of list it was found in. */
export type KindRow = { kind: MembershipKind; record: MemberRecord };

/** Sorts behind the names of all origins. */
const LAST = '9';

export type Wanted = { kinds: ReadonlySet<MembershipKind>; search: string | null };

/**
 * The lists that make up the members of a group or project, in order. GitLab keeps one row for each user over the relations it is
 * asked for (docs/gitlab.md §member lists), so each kind is read by itself and hides no other.
 */
export async function memberSegments(
  loaders: Loaders,
  source: SourceNode,
  wanted: Wanted,
): Promise<Segment<KindRow>[]> {
  const { kinds, search } = wanted;
  const origins = await originsOf(loaders, source, wanted);
  const shared = origins.filter(({ kind }) => kind === 'SHARED');
  const segments = origins
    .filter(({ kind }) => kinds.has(kind))
    .map((origin): Segment<KindRow> => {
      const rivals = origin.kind === 'SHARED' ? shared.filter((other) => other !== origin) : [];
      const read = async (page: PageRequest): Promise<SegmentPage<KindRow>> =>
        ofKind(origin.kind, await readSegment(loaders, origin, rivals, { ...page, search }));
      return { name: origin.name, newestFirst: search === null, read };
    });
  if (!kinds.has('SHARED') || loaders.connection.identity.isAdmin) return segments;
  const hidden: Segment<KindRow> = {
    name: LAST,
    newestFirst: false,
    read: async ({ after }) => ofKind('SHARED', await readHidden(loaders, source, origins, { search, after })),
  };
  return [...segments, hidden];
}

function ofKind(kind: MembershipKind, page: SegmentPage<MemberRecord>): SegmentPage<KindRow> {
  return { ...page, items: page.items.map((record) => ({ kind, record })) };
}

async function originsOf(loaders: Loaders, source: SourceNode, wanted: Wanted): Promise<Origin[]> {
  if (source.kind === 'group') return groupOrigins(source);
  if (!wanted.kinds.has('SHARED')) return projectOrigins(source, []);
  const { sharedWithGroups } = await loaders.sourceDetail.load({ kind: 'project', id: source.id });
  return projectOrigins(
    source,
    [...sharedWithGroups].sort((a, b) => Number(BigInt(a.groupId) - BigInt(b.groupId))),
  );
}

async function readSegment(
  loaders: Loaders,
  origin: Origin,
  rivals: readonly Origin[],
  asked: PageRequest & { search: string | null },
): Promise<SegmentPage<MemberRecord>> {
  const page = await readOrigin(loaders, origin, { ...asked, userIds: null });
  const items = await bestOfUser(loaders, origin, rivals, page.items);
  return { ...page, items: [...items], thinned: page.thinned === true || items.length < page.items.length };
}

/**
 * One row for each user over all lists of shared rows: the user stands where the first list has them, with the highest row of
 * all. The other lists are asked about the people on this page alone, in one call, so that no page needs the whole of any list.
 */
async function bestOfUser(
  loaders: Loaders,
  origin: Origin,
  others: readonly Origin[],
  rows: readonly MemberRecord[],
): Promise<readonly MemberRecord[]> {
  if (others.length === 0 || rows.length === 0) return rows;
  const userIds = rows.map((row) => row.user.id);
  const asked = { search: null, userIds, first: userIds.length, after: null };
  const found = await Promise.all(
    others.map(async (other) => ({ other, rows: (await readOrigin(loaders, other, asked)).items })),
  );
  const elsewhere = Map.groupBy(
    found.flatMap(({ other, rows: otherRows }) => otherRows.map((row) => ({ other, row }))),
    ({ row }) => row.user.id,
  );
  return rows.flatMap((row) => {
    const rivals = elsewhere.get(row.user.id) ?? [];
    if (rivals.some(({ other }) => other.name < origin.name)) return [];
    return [rivals.reduce((best, rival) => (rival.row.accessLevel > best.accessLevel ? rival.row : best), row)];
  });
}
