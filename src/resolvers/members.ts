import type { AccessLevel } from '../generated/resolvers.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { accessLevelValue } from './access-level.ts';
import { memberSegments, type KindRow } from './member-segments.ts';
import type { ConnectionOf, MemberNode, MembershipKind, SourceNode } from './nodes.ts';
import { pageSize } from './paging.ts';
import { markOf, pageOf, placeAfter } from './places.ts';
import { readSegments } from './segments.ts';
import { toMember } from './to-node.ts';

export type MembersArgs = {
  kinds: readonly MembershipKind[];
  accessLevels?: readonly AccessLevel[] | null;
  search?: string | null;
  first: number;
  after?: string | null;
};

/**
 * A page of the membership rows of a group or project: direct, then inherited, then shared ones, at most one for each user and
 * kind. Levels are filtered here, since GitLab's own filter hides blocked people (docs/gitlab.md §member lists). Throws the
 * `GitLabError` of a refusal: no list is shorter than it is.
 */
export async function readMembers(
  loaders: Loaders,
  source: SourceNode,
  args: MembersArgs,
): Promise<ConnectionOf<MemberNode>> {
  const { connectionId, kind, id } = source;
  const first = pageSize(args.first);
  const search = args.search?.trim() ?? '';
  const levels = args.accessLevels == null ? null : new Set(args.accessLevels.map(accessLevelValue));
  const mark = markOf(connectionId, kind, id, [...args.kinds].sort(), search, levels && [...levels].sort());
  const start = placeAfter(args.after, mark);
  const segments = await memberSegments(loaders, source, { kinds: new Set(args.kinds), search: search || null });
  const slice = await readSegments<KindRow>({
    segments,
    start,
    first,
    idOf: ({ record }) => record.rowId,
    ahead: true,
    keep: levels && (({ record }) => levels.has(record.accessLevel)),
  });
  const list = { kind, id };
  return pageOf(
    { ...slice, totalCount: null },
    {
      mark,
      after: args.after,
      toNode: (row) => toMember(connectionId, list, row.kind, row.record),
    },
  );
}
