import {
  ACCESS,
  authorizedLevel,
  canReadGroup,
  hasPlan,
  invitationsOf,
  linksInto,
  membersOf,
  selfAndAncestors,
  subtree,
  viewerProjectLevel,
} from '../model/index.ts';
import type { Group, Member, Project, SourceKind } from '../model/index.ts';
import type { Context } from './context.ts';
import { memberNode } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';

export type GroupRelation = 'DIRECT' | 'INHERITED' | 'DESCENDANTS' | 'SHARED_FROM_GROUPS';
export type ProjectRelation = 'DIRECT' | 'INHERITED' | 'DESCENDANTS' | 'INVITED_GROUPS' | 'SHARED_INTO_ANCESTORS';

/**
 * The rows of a group over the relations asked for: one per user, the highest level, a direct row on ties
 * (docs/gitlab.md §member lists).
 */
export function groupMemberNodes(context: Context, group: Group, relations: readonly GroupRelation[]): MemberNode[] {
  const { world } = context;
  const wanted = new Set(relations);
  const direct = wanted.has('DIRECT') ? rowsOf(context, 'Group', group.id) : [];
  const inherited = wanted.has('INHERITED')
    ? selfAndAncestors(world, group.id)
        .slice(1)
        .flatMap((above) => rowsOf(context, 'Group', above.id))
    : [];
  const below = wanted.has('DESCENDANTS')
    ? subtree(world, group.id)
        .slice(1)
        .flatMap((sub) => rowsOf(context, 'Group', sub.id))
    : [];
  const shared = wanted.has('SHARED_FROM_GROUPS') ? sharedRows(context, group) : [];
  const all = [...direct, ...inherited, ...below, ...shared].filter((node) => showsMinimal(context, group, node));
  return onePerUser(all, (best, next) => next.level > best.level);
}

/**
 * The rows of a project. Exactly [DIRECT] is the project's rows as they are; with anything else the rows of its group
 * and the groups above are always among them, a project row comes first for its user, and the level is the
 * authorization in force or, while there is none, the row's own.
 */
export function projectMemberNodes(
  context: Context,
  project: Project,
  relations: readonly ProjectRelation[],
): MemberNode[] {
  const wanted = new Set(relations);
  const direct = wanted.has('DIRECT') ? projectRows(context, project) : [];
  if (wanted.size === 1 && wanted.has('DIRECT')) return direct;
  const group = project.groupId === null ? undefined : context.world.groups.get(project.groupId);
  const ofGroups = group ? groupRowsFor(context, group, wanted) : [];
  const invited = wanted.has('INVITED_GROUPS') ? invitedRows(context, project) : [];
  const registered = [...ofGroups, ...invited].filter((node) => 'userId' in node.row && node.level > ACCESS.MINIMAL);
  return onePerUser([...direct, ...registered], () => false).map((node) => withLevelInForce(context, project, node));
}

function groupRowsFor(context: Context, group: Group, wanted: ReadonlySet<ProjectRelation>): MemberNode[] {
  const relations: GroupRelation[] = ['DIRECT', 'INHERITED'];
  if (wanted.has('DESCENDANTS')) relations.push('DESCENDANTS');
  const own = groupMemberNodes(context, group, relations);
  return wanted.has('SHARED_INTO_ANCESTORS') ? [...own, ...sharedRows(context, group)] : own;
}

function projectRows(context: Context, project: Project): MemberNode[] {
  const nodes = rowsOf(context, 'Project', project.id);
  const administers = viewerProjectLevel(context.world, context.viewer, project.id) >= ACCESS.MAINTAINER;
  return administers ? nodes : nodes.filter((node) => 'userId' in node.row);
}

/** Direct rows of the groups invited into a group or one above it, each capped by its link. */
function sharedRows(context: Context, group: Group): MemberNode[] {
  const { world } = context;
  return selfAndAncestors(world, group.id)
    .flatMap((shared) => linksInto(world, 'Group', shared.id))
    .filter((link) => isReadable(context, link.invitedGroupId))
    .flatMap((link) =>
      membersOf(world, 'Group', link.invitedGroupId).map((row) =>
        memberNode(row, Math.min(row.accessLevel, link.accessLevel)),
      ),
    );
}

/** Rows of the groups invited into a project and of the groups above those, uncapped. */
function invitedRows(context: Context, project: Project): MemberNode[] {
  const { world } = context;
  return linksInto(world, 'Project', project.id)
    .filter((link) => isReadable(context, link.invitedGroupId))
    .flatMap((link) => selfAndAncestors(world, link.invitedGroupId))
    .flatMap((invited) => membersOf(world, 'Group', invited.id))
    .map((row) => memberNode(row));
}

function isReadable(context: Context, groupId: number): boolean {
  const group = context.world.groups.get(groupId);
  return group !== undefined && canReadGroup(context.world, context.viewer, group);
}

function rowsOf(context: Context, kind: SourceKind, id: number): MemberNode[] {
  const { world } = context;
  return [...membersOf(world, kind, id), ...invitationsOf(world, kind, id)].map((row) => memberNode(row));
}

/** Minimal access shows only in a root group whose licence has the role. */
function showsMinimal(context: Context, group: Group, node: MemberNode): boolean {
  if (node.row.accessLevel !== ACCESS.MINIMAL) return true;
  return group.parentId === null && hasPlan(context.world.settings, 'premium');
}

function withLevelInForce(context: Context, project: Project, node: MemberNode): MemberNode {
  const { row } = node;
  if (!('userId' in row)) return node;
  const inForce = authorizedLevel(context.world, row.userId, project.id);
  return inForce > 0 ? { ...node, level: inForce } : { ...node, level: row.accessLevel };
}

function onePerUser(
  nodes: readonly MemberNode[],
  isBetter: (best: MemberNode, next: MemberNode) => boolean,
): MemberNode[] {
  const chosen = new Map<string, MemberNode>();
  for (const node of nodes) {
    const key = personOf(node.row);
    const best = chosen.get(key);
    if (!best || isBetter(best, node)) chosen.set(key, node);
  }
  return [...chosen.values()];
}

function personOf(row: MemberNode['row'] | Member): string {
  return 'userId' in row ? String(row.userId) : `invited ${String(row.id)}`;
}
