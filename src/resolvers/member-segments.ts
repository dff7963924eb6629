import type { PageRequest } from '../gitlab/client.ts';
import type { MemberRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { groupOrigins, projectOrigins, readOrigin, type Origin } from './member-origins.ts';
import type { MembershipKind, SourceNode } from './nodes.ts';
import type { Segment, SegmentPage } from './segments.ts';

/** A row with the kind of list it was found in. */
export type KindRow = { kind: MembershipKind; record: MemberRecord };

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
  const origins = (await originsOf(loaders, source, wanted)).filter(({ kind }) => wanted.kinds.has(kind));
  const shared = origins.filter(({ kind }) => kind === 'SHARED');
  return origins.map((origin) => ({
    name: origin.name,
    newestFirst: wanted.search === null,
    read: (page) =>
      readSegment(loaders, origin, origin.kind === 'SHARED' ? shared : [], { ...page, search: wanted.search }),
  }));
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
  shared: readonly Origin[],
  asked: PageRequest & { search: string | null },
): Promise<SegmentPage<KindRow>> {
  const page = await readOrigin(loaders, origin, { ...asked, userIds: null });
  const others = shared.filter((other) => other !== origin);
  const rows = await bestOfUser(loaders, origin, others, page.items);
  return {
    ...page,
    items: rows.map((record) => ({ kind: origin.kind, record })),
    thinned: page.thinned === true || rows.length < page.items.length,
  };
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
