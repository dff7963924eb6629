import { holdForMove } from './authorizations.ts';
import { movePaths, moveProjectPath } from './change.ts';
import { tell } from './events.ts';
import { projectsUnder } from './access.ts';
import { subtree } from './tree.ts';
import type { Group, Project } from './types.ts';
import { pullFrom, pushTo, type World } from './world.ts';

/**
 * Puts a group, with everything below it, under another group or at the top. Access by ancestors changes at once on
 * groups and after the delay on projects; old group paths answer 404, old project paths redirect.
 */
export function moveGroup(world: World, group: Group, parentId: number | null): void {
  const below = subtree(world, group.id).map((item) => item.id);
  holdForMove(world, projectsUnder(world, below), parentId);
  if (group.parentId !== null) pullFrom(world.index.childGroups, group.parentId, group);
  group.parentId = parentId;
  if (parentId !== null) {
    pushTo(world.index.childGroups, parentId, group);
    world.index.childGroups.get(parentId)?.sort((a, b) => a.id - b.id);
  }
  group.oldPaths.push(group.fullPath);
  group.updatedAt = world.clock.now();
  movePaths(world, group);
}

/** Puts a project into another group; the old path redirects and hooks hear of a transfer. */
export function moveProject(world: World, project: Project, groupId: number): void {
  const old = { path: project.path, fullPath: project.fullPath };
  holdForMove(world, [project.id], groupId);
  if (project.groupId !== null) pullFrom(world.index.projectsOfGroup, project.groupId, project);
  project.groupId = groupId;
  project.ownerId = null;
  pushTo(world.index.projectsOfGroup, groupId, project);
  world.index.projectsOfGroup.get(groupId)?.sort((a, b) => a.id - b.id);
  project.updatedAt = world.clock.now();
  moveProjectPath(world, project);
  tell(world, { kind: 'project', action: 'transfer', project, old });
}
