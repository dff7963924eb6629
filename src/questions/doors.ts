import type { MemberFact, PlacedShare, ShareFact, SourceFact, SourceKey } from '../store/question-facts.ts';
import { MINIMAL_ACCESS } from './levels.ts';
import { pathOf } from './paths.ts';
import type { Path } from './paths.ts';

/** A membership list whose rows reach a place, and through which shares. */
export type Door = {
  list: SourceKey;
  kind: Path['kind'];
  shares: readonly ShareFact[];
  /** The level that a row must be above to come in. */
  above: number;
};

/** Who was invited where: into the groups above and the place itself, and into the groups above groups invited into a project. */
export type Invitations = { intoGroups: readonly PlacedShare[]; intoProject: readonly PlacedShare[] };

/** Every list whose rows reach the place (docs/gitlab.md §access, §shares). */
export function doorsTo(source: SourceFact, { intoGroups, intoProject }: Invitations): Door[] {
  if (source.kind === 'group') return doorsToGroup(source.groupIds, source.id, intoGroups);
  const throughGroups = doorsToGroup(source.groupIds, null, intoGroups);
  const invited = intoProject.flatMap((share) =>
    doorsToGroup(share.groupIds, null, intoGroups).map(({ list, shares }): Door => ({
      list,
      kind: 'SHARED',
      shares: [share, ...shares],
      above: MINIMAL_ACCESS,
    })),
  );
  return [{ list: source, kind: 'DIRECT', shares: [], above: MINIMAL_ACCESS }, ...throughGroups, ...invited];
}

/** `own` is the group itself where its direct rows are meant; Minimal Access counts there, if nothing stands above it. */
function doorsToGroup(groupIds: readonly string[], own: string | null, shares: readonly PlacedShare[]): Door[] {
  return groupIds.flatMap((id): Door[] => {
    const above = id === own && groupIds.length === 1 ? 0 : MINIMAL_ACCESS;
    const invited = shares.filter(({ source }) => source.kind === 'group' && source.id === id);
    return [
      { list: { kind: 'group', id }, kind: id === own ? 'DIRECT' : 'INHERITED', shares: [], above },
      ...invited.map((share): Door => ({
        list: { kind: 'group', id: share.groupId },
        kind: 'SHARED',
        shares: [share],
        above,
      })),
    ];
  });
}

/** The paths that a person's rows make through the doors. */
export function pathsThrough(doors: readonly Door[], rows: readonly MemberFact[]): Path[] {
  return rows.flatMap((row) =>
    doors
      .filter(
        ({ list, above }) => list.kind === row.source.kind && list.id === row.source.id && row.accessLevel > above,
      )
      .map(({ kind, shares }) => pathOf(kind, row, shares)),
  );
}

/** The most that a door lets through. */
export function capOf({ shares }: Door): number | null {
  return shares.length === 0 ? null : Math.min(...shares.map(({ maxLevel }) => maxLevel));
}
