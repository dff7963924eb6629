import {
  authorizedProjects,
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
  for (const row of rowsOfUser(world, userId)) {
    if (row.sourceKind !== 'Group' || row.requestedAt !== null || row.state !== 'active') continue;
    take(selfAndAncestors(world, row.sourceId));
    take(subtree(world, row.sourceId));
    for (const link of linksOf(world, row.sourceId)) {
      if (link.sharedKind !== 'Group') continue;
      take(selfAndAncestors(world, link.sharedId));
      take(subtree(world, link.sharedId));
    }
  }
  for (const [project] of authorizedProjects(world, userId)) {
    if (project.groupId !== null) take(selfAndAncestors(world, project.groupId));
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
