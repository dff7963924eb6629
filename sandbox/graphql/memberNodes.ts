import type { Group, Invitation, Member, Project, User } from '../model/index.ts';
import { canReadGroup, canReadProject } from '../model/index.ts';
import type { Context } from './context.ts';

/** A membership as a list shows it: its row (or open invitation) and the level shown, which may be another's. */
export interface MemberNode {
  readonly kind: 'GroupMember' | 'ProjectMember';
  readonly row: Member | Invitation;
  readonly level: number;
}

/** Wraps a row with the level to show; without one, its own. */
export function memberNode(row: Member | Invitation, level = row.accessLevel): MemberNode {
  return { kind: row.sourceKind === 'Group' ? 'GroupMember' : 'ProjectMember', row, level };
}

/** The person of a row; none for an invitation that nobody accepted. */
export function userOf(context: Context, node: MemberNode): User | undefined {
  return 'userId' in node.row ? context.world.users.get(node.row.userId) : undefined;
}

/** The group a row lives in; none for a project's row. */
export function groupOf(context: Context, node: MemberNode): Group | undefined {
  return node.kind === 'GroupMember' ? context.world.groups.get(node.row.sourceId) : undefined;
}

/** The project a row lives in; none for a group's row. */
export function projectOf(context: Context, node: MemberNode): Project | undefined {
  return node.kind === 'ProjectMember' ? context.world.projects.get(node.row.sourceId) : undefined;
}

/** Whether the caller may see a row: its own group or project must be readable. */
export function isRowVisible(context: Context, node: MemberNode): boolean {
  const { world, viewer } = context;
  const group = groupOf(context, node);
  if (group) return canReadGroup(world, viewer, group);
  const project = projectOf(context, node);
  return project !== undefined && canReadProject(world, viewer, project);
}

/** When a row was last changed; an invitation counts from its making. */
export function updatedAtOf(node: MemberNode): number {
  return 'updatedAt' in node.row ? node.row.updatedAt : node.row.createdAt;
}
