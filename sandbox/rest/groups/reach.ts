import {
  authorizedLevel,
  groupsFedBy,
  inForce,
  linksOf,
  rowsOfUser,
  selfAndAncestors,
  subtree,
  type Group,
  type World,
} from '../../model/index.ts';

/**
 * The groups somebody belongs to by any path: own rows with all above and below, groups shared with these, and those
 * above authorized projects. In order of id.
 */
export function authorizedGroups(world: World, userId: number): Group[] {
  const found = new Map<number, Group>();
  const take = (groups: Iterable<Group>): void => {
    for (const group of groups) found.set(group.id, group);
  };
  const takeProject = (projectId: number): void => {
    const groupId = world.projects.get(projectId)?.groupId ?? null;
    if (groupId !== null && authorizedLevel(world, userId, projectId) > 0) take(selfAndAncestors(world, groupId));
  };
  for (const row of rowsOfUser(world, userId)) {
    if (!inForce(row)) continue;
    if (row.sourceKind === 'Project') {
      takeProject(row.sourceId);
      continue;
    }
    take(selfAndAncestors(world, row.sourceId));
    for (const link of linksOf(world, row.sourceId)) {
      if (link.sharedKind === 'Group') take(selfAndAncestors(world, link.sharedId));
    }
    for (const groupId of groupsFedBy(world, row.sourceId)) {
      take([world.groups.get(groupId)].flatMap((group) => group ?? []));
      for (const link of linksOf(world, groupId)) if (link.sharedKind === 'Project') takeProject(link.sharedId);
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** Groups with a direct Owner row of the user: subgroups owned by inheritance are not among them. */
export function ownedGroups(world: World, userId: number): Group[] {
  return groupsWithRow(world, userId, 50);
}

/** Groups with a direct row of at least a level, and everything below them. */
export function groupsFromLevel(world: World, userId: number, level: number): Group[] {
  const found = new Map<number, Group>();
  for (const top of groupsWithRow(world, userId, level)) {
    for (const group of subtree(world, top.id)) found.set(group.id, group);
  }
  return [...found.values()];
}

function groupsWithRow(world: World, userId: number, level: number): Group[] {
  const found: Group[] = [];
  for (const row of rowsOfUser(world, userId)) {
    const counts = row.sourceKind === 'Group' && row.requestedAt === null && row.state === 'active';
    const group = counts && row.accessLevel >= level ? world.groups.get(row.sourceId) : undefined;
    if (group) found.push(group);
  }
  return found;
}
