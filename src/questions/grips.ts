import type { MemberFact, PlacedShare, ShareFact, SourceFact, SourceKey } from '../store/question-facts.ts';
import { MINIMAL_ACCESS } from './levels.ts';
import { pathOf } from './paths.ts';
import type { Path } from './paths.ts';

/** A hold that a person has on one place; `below`: and on everything under that group. */
export type Grip = { on: SourceKey; below: boolean; path: Path };

/**
 * Every hold of one person, from the person's own rows, the groups that those rows' groups were invited into, and the projects
 * that invited one of the groups reached in any of these ways (docs/gitlab.md §shares): into a group come the direct rows of
 * the invited one, into a project all who reach it.
 */
export function gripsOf(facts: {
  rows: readonly MemberFact[];
  groupShares: readonly ShareFact[];
  projectShares: readonly PlacedShare[];
}): Grip[] {
  const { rows, groupShares, projectShares } = facts;
  const own = rows.filter(({ accessLevel }) => accessLevel > 0).map((row) => gripOf(row.source, row, []));
  const invited = rows.flatMap((row) =>
    groupShares
      .filter((share) => row.source.kind === 'group' && share.groupId === row.source.id && row.accessLevel > 0)
      .map((share) => gripOf(share.source, row, [share])),
  );
  const onGroups = [...own, ...invited].filter(({ below }) => below);
  const throughProjects = projectShares.flatMap((share) =>
    onGroups
      .filter(({ on }) => share.groupIds.includes(on.id))
      .map(({ path }) => gripOf(share.source, path.row, [share, ...path.shares])),
  );
  return [...own, ...invited, ...throughProjects];
}

function gripOf(on: SourceKey, row: MemberFact, shares: readonly ShareFact[]): Grip {
  const path = pathOf(shares.length === 0 ? 'DIRECT' : 'SHARED', row, shares);
  return { on, below: on.kind === 'group' && path.level > MINIMAL_ACCESS, path };
}

/** Whether a hold counts at all on this place: Minimal Access does on a top-level group only (docs/gitlab.md §roles). */
function counts({ path: { level } }: Grip, { kind, groupIds }: SourceFact): boolean {
  return level > MINIMAL_ACCESS || (kind === 'group' && groupIds.length === 1);
}

/** The paths that the person's holds make to one place. */
export function pathsTo(source: SourceFact, grips: readonly Grip[]): Path[] {
  return grips.flatMap((grip): Path[] => {
    const { on, below, path } = grip;
    if (on.kind === source.kind && on.id === source.id) return counts(grip, source) ? [path] : [];
    if (!below || !source.groupIds.includes(on.id)) return [];
    return [path.kind === 'DIRECT' ? { ...path, kind: 'INHERITED' } : path];
  });
}
