import {
  ACCESS,
  authorizedLevel,
  canReadGroup,
  directRow,
  hasPlan,
  linksInto,
  membersOf,
  selfAndAncestors,
  viewerGroupLevel,
  viewerProjectLevel,
  type Group,
  type Member,
  type SourceKind,
} from '../../model/index.ts';
import type { Call } from '../context.ts';
import type { ShownMember } from '../entities/members.ts';
import type { Source } from '../lookup.ts';

/** Minimal Access rows are shown on licensed root groups only. */
export function showsMinimal(call: Call, source: Source): boolean {
  return source.kind === 'Group' && source.group.parentId === null && hasPlan(call.world.settings, 'premium');
}

/** The direct rows a list of members shows. */
export function directRows(call: Call, source: Source): ShownMember[] {
  const minimal = showsMinimal(call, source);
  return membersOf(call.world, source.kind, source.id)
    .filter((row) => minimal || row.accessLevel !== ACCESS.MINIMAL)
    .map((row) => ({ row, level: row.accessLevel }));
}

/** Direct rows of a source, of everybody or of one user. */
function rowsAt(call: Call, kind: SourceKind, id: number, only: number | null): Member[] {
  if (only === null) return membersOf(call.world, kind, id);
  const row = directRow(call.world, kind, id, only);
  return row ? [row] : [];
}

/** Rows of groups above and of groups shared with a group or those above it, capped by the link. */
function groupRows(call: Call, group: Group, only: number | null): ShownMember[] {
  const { world, viewer } = call;
  const chain = selfAndAncestors(world, group.id);
  const rows: ShownMember[] = [];
  for (const item of chain) {
    for (const row of rowsAt(call, 'Group', item.id, only)) rows.push({ row, level: row.accessLevel });
  }
  const member = viewerGroupLevel(world, viewer, group.id) > 0;
  for (const link of chain.flatMap((item) => linksInto(world, 'Group', item.id))) {
    if (!seesInvited(call, member, link.invitedGroupId)) continue;
    for (const row of rowsAt(call, 'Group', link.invitedGroupId, only)) {
      rows.push({ row, level: Math.min(link.accessLevel, row.accessLevel) });
    }
  }
  return rows;
}

/** Members that come only from a private group the caller cannot read are hidden from non-members. */
function seesInvited(call: Call, callerIsMember: boolean, groupId: number): boolean {
  const group = call.world.groups.get(groupId);
  return group !== undefined && (callerIsMember || canReadGroup(call.world, call.viewer, group));
}

function pick(best: Map<number, ShownMember>, candidates: Iterable<ShownMember>, prefer: number | null): void {
  for (const shown of candidates) {
    const known = best.get(shown.row.userId);
    const wins =
      !known ||
      shown.level > known.level ||
      (shown.level === known.level && shown.row.sourceId === prefer && known.row.sourceId !== prefer);
    if (wins) best.set(shown.row.userId, shown);
  }
}

/** One row per user over all relations, in order of row id (docs/gitlab.md §members all). */
export function allRows(call: Call, source: Source, only: number | null = null): ShownMember[] {
  const best = new Map<number, ShownMember>();
  if (source.kind === 'Group') {
    const minimal = showsMinimal(call, source);
    const rows = groupRows(call, source.group, only);
    pick(
      best,
      rows.filter((shown) => minimal || shown.level !== ACCESS.MINIMAL),
      source.id,
    );
  } else {
    fillProject(call, source, best, only);
  }
  return [...best.values()].sort((a, b) => a.row.id - b.row.id);
}

/** Who appears is decided by live rows, the level by the authorization in force or else by the row. */
function fillProject(
  call: Call,
  source: Source & { kind: 'Project' },
  best: Map<number, ShownMember>,
  only: number | null,
): void {
  const { world, viewer } = call;
  const inherited = new Map<number, ShownMember>();
  const group = source.project.groupId === null ? undefined : world.groups.get(source.project.groupId);
  if (group) pick(inherited, groupRows(call, group, only), null);
  const member = viewerProjectLevel(world, viewer, source.id) > 0;
  for (const link of linksInto(world, 'Project', source.id)) {
    const invited = world.groups.get(link.invitedGroupId);
    if (invited && seesInvited(call, member, invited.id)) pick(inherited, groupRows(call, invited, only), null);
  }
  for (const row of rowsAt(call, 'Project', source.id, only)) {
    inherited.set(row.userId, { row, level: row.accessLevel });
  }
  for (const [userId, shown] of inherited) {
    if (shown.row.accessLevel === ACCESS.MINIMAL) continue;
    const level = authorizedLevel(world, userId, source.id);
    best.set(userId, { row: shown.row, level: level === 0 ? shown.row.accessLevel : level });
  }
}
