import type { Group, Invitation, Member, Project, ShareLink, SourceKind, User } from './types.ts';
import { sourceKey, type World } from './world.ts';

/** A group and its ancestors, nearest first. */
export function selfAndAncestors(world: World, groupId: number): Group[] {
  const chain: Group[] = [];
  for (let group = world.groups.get(groupId); group; group = parentOf(world, group)) chain.push(group);
  return chain;
}

/** The group above, if any. */
export function parentOf(world: World, group: Group): Group | undefined {
  return group.parentId === null ? undefined : world.groups.get(group.parentId);
}

/** The top-level group above a group or project; undefined for a personal project. */
export function rootOf(world: World, kind: SourceKind, id: number): Group | undefined {
  const groupId = kind === 'Group' ? id : (world.projects.get(id)?.groupId ?? null);
  return groupId === null ? undefined : selfAndAncestors(world, groupId).at(-1);
}

/** The groups above a source that its members inherit from: ancestors of a group, or a project's group and its ancestors. */
export function inheritedFrom(world: World, kind: SourceKind, id: number): Group[] {
  if (kind === 'Group') return selfAndAncestors(world, id).slice(1);
  const groupId = world.projects.get(id)?.groupId ?? null;
  return groupId === null ? [] : selfAndAncestors(world, groupId);
}

/** Direct subgroups, in order of id. */
export function childrenOf(world: World, groupId: number): readonly Group[] {
  return world.index.childGroups.get(groupId) ?? [];
}

/** A group and everything below it. */
export function subtree(world: World, groupId: number): Group[] {
  const root = world.groups.get(groupId);
  const found = root ? [root] : [];
  // The list grows while it is walked: each group adds its children.
  for (const group of found) found.push(...childrenOf(world, group.id));
  return found;
}

/** Projects directly in a group, in order of id. */
export function projectsIn(world: World, groupId: number): readonly Project[] {
  return world.index.projectsOfGroup.get(groupId) ?? [];
}

/** The names of a group's chain joined as GitLab writes them: `Acme / Ops`. */
export function fullName(world: World, group: Group): string {
  return selfAndAncestors(world, group.id)
    .map((item) => item.name)
    .reverse()
    .join(' / ');
}

/** Direct member rows of a source in order of row id; access requests are not among them. */
export function membersOf(world: World, kind: SourceKind, id: number): Member[] {
  const rows = world.index.membersBySource.get(sourceKey(kind, id));
  return rows ? [...rows.values()].filter((row) => row.requestedAt === null) : [];
}

/** Pending access requests of a source. */
export function requestsOf(world: World, kind: SourceKind, id: number): Member[] {
  const rows = world.index.membersBySource.get(sourceKey(kind, id));
  return rows ? [...rows.values()].filter((row) => row.requestedAt !== null) : [];
}

/** Open e-mail invitations of a source. */
export function invitationsOf(world: World, kind: SourceKind, id: number): Invitation[] {
  return [...world.invitations.values()].filter((row) => row.sourceKind === kind && row.sourceId === id);
}

/** Every row of a user, access requests included, in order of row id. */
export function rowsOfUser(world: World, userId: number): Iterable<Member> {
  return world.index.membersByUser.get(userId)?.values() ?? [];
}

/** The first direct row of a user on a source, access requests left out. */
export function directRow(world: World, kind: SourceKind, id: number, userId: number): Member | undefined {
  for (const row of rowsOfUser(world, userId)) {
    if (row.sourceId === id && row.sourceKind === kind && row.requestedAt === null) return row;
  }
  return undefined;
}

/** The pending access request of a user on a source. */
export function requestRow(world: World, kind: SourceKind, id: number, userId: number): Member | undefined {
  for (const row of rowsOfUser(world, userId)) {
    if (row.sourceId === id && row.sourceKind === kind && row.requestedAt !== null) return row;
  }
  return undefined;
}

/** Links that open a source to other groups. */
export function linksInto(world: World, kind: SourceKind, id: number): readonly ShareLink[] {
  return world.index.linksByShared.get(sourceKey(kind, id)) ?? [];
}

/** Links by which a group was invited elsewhere. */
export function linksOf(world: World, invitedGroupId: number): readonly ShareLink[] {
  return world.index.linksByInvited.get(invitedGroupId) ?? [];
}

/** A user by name, letter case ignored. */
export function userByName(world: World, username: string): User | undefined {
  return world.index.userByName.get(username.toLowerCase());
}

/** A group by full path, letter case ignored; old paths are not followed. */
export function groupByPath(world: World, fullPath: string): Group | undefined {
  return world.index.groupByPath.get(fullPath.toLowerCase());
}

/** A project by full path, letter case ignored; old paths are not followed. */
export function projectByPath(world: World, fullPath: string): Project | undefined {
  return world.index.projectByPath.get(fullPath.toLowerCase());
}
