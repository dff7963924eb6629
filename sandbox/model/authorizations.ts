import {
  liveProjectLevel,
  projectsFedBy,
  projectsUnder,
  usersReachingGroup,
  usersReachingProject,
  type KnownLevels,
} from './access.ts';
import { membersOf, rowsOfUser, subtree } from './tree.ts';
import type { Project, ShareLink, SourceKind } from './types.ts';
import { putInto, type World } from './world.ts';

/*
 * `project_authorizations` is a snapshot that a background job recomputes some time after a change. The sandbox keeps
 * no snapshot: it computes the level from the rows, and remembers the old level of what a change touched until the job
 * would have run. A second change while the first waits is seen by the first's job, as in GitLab.
 */

/** The level in force on a project for a user: the snapshot, which may lag behind the rows. 0 for none. */
export function authorizedLevel(world: World, userId: number, projectId: number, known?: KnownLevels): number {
  const project = world.projects.get(projectId);
  if (!project) return 0;
  return staleLevel(world, userId, projectId) ?? liveProjectLevel(world, userId, project, known);
}

function staleLevel(world: World, userId: number, projectId: number): number | undefined {
  const nowMs = world.clock.now();
  const stale = world.index.staleAuthorizations.get(projectId);
  const entry = stale?.get(userId);
  if (entry) {
    if (entry.untilMs > nowMs) return entry.level;
    stale?.delete(userId);
  }
  const fresh = world.index.newProjects.get(projectId);
  if (!fresh) return undefined;
  if (fresh.untilMs > nowMs) return fresh.creatorId === userId ? undefined : 0;
  world.index.newProjects.delete(projectId);
  return undefined;
}

/** Everybody in force on a project with their level, in order of user id. */
export function authorizationsOf(world: World, project: Project): [userId: number, level: number][] {
  const users = usersReachingProject(world, project);
  for (const userId of world.index.staleAuthorizations.get(project.id)?.keys() ?? []) users.add(userId);
  return [...users]
    .filter((userId) => world.users.has(userId))
    .sort((a, b) => a - b)
    .map((userId): [number, number] => [userId, authorizedLevel(world, userId, project.id)])
    .filter(([, level]) => level > 0);
}

/** The projects a user is in force on, with the level, in order of project id. */
export function authorizedProjects(world: World, userId: number): [project: Project, level: number][] {
  const ids = new Set<number>();
  for (const row of rowsOfUser(world, userId)) {
    if (row.sourceKind === 'Project') ids.add(row.sourceId);
    else for (const id of projectsFedBy(world, row.sourceId)) ids.add(id);
  }
  for (const [projectId, stale] of world.index.staleAuthorizations) if (stale.has(userId)) ids.add(projectId);
  const found: [Project, number][] = [];
  const known: KnownLevels = new Map();
  for (const id of [...ids].sort((a, b) => a - b)) {
    const project = world.projects.get(id);
    const level = authorizedLevel(world, userId, id, known);
    if (project && level > 0) found.push([project, level]);
  }
  return found;
}

function hold(world: World, userId: number, projects: Iterable<number>): void {
  const untilMs = world.clock.now() + world.settings.authorizationDelayMs;
  const known: KnownLevels = new Map();
  for (const projectId of projects) {
    const project = world.projects.get(projectId);
    if (!project || staleLevel(world, userId, projectId) !== undefined) continue;
    const level = liveProjectLevel(world, userId, project, known);
    putInto(world.index.staleAuthorizations, projectId, userId, { level, untilMs });
  }
}

/** Keeps the present level of everything a member row decides until the job has run. Call before the row changes. */
export function holdForRow(world: World, kind: SourceKind, sourceId: number, userId: number): void {
  if (world.settings.authorizationDelayMs <= 0) return;
  hold(world, userId, kind === 'Project' ? [sourceId] : projectsFedBy(world, sourceId));
}

/** The same for a link: everybody the invited group brings. Call before the link changes. */
export function holdForLink(world: World, link: Pick<ShareLink, 'sharedKind' | 'sharedId' | 'invitedGroupId'>): void {
  if (world.settings.authorizationDelayMs <= 0) return;
  const ofProject = link.sharedKind === 'Project';
  const users = ofProject
    ? usersReachingGroup(world, link.invitedGroupId)
    : membersOf(world, 'Group', link.invitedGroupId).map((row) => row.userId);
  const groups = ofProject ? [] : subtree(world, link.sharedId).map((group) => group.id);
  const projects = ofProject ? [link.sharedId] : projectsUnder(world, groups);
  for (const userId of users) hold(world, userId, projects);
}

/** The same for projects on their way to another group: who reaches them now and who will. Call before the move. */
export function holdForMove(world: World, projectIds: Iterable<number>, groupId: number | null): void {
  if (world.settings.authorizationDelayMs <= 0) return;
  const later = groupId === null ? new Set<number>() : usersReachingGroup(world, groupId);
  for (const id of projectIds) {
    const project = world.projects.get(id);
    if (!project) continue;
    for (const userId of new Set([...usersReachingProject(world, project), ...later])) hold(world, userId, [id]);
  }
}

/** A new project is authorized for its creator at once, for all others after the delay. */
export function holdNewProject(world: World, project: Project): void {
  const delayMs = world.settings.authorizationDelayMs;
  if (delayMs <= 0) return;
  world.index.newProjects.set(project.id, { untilMs: world.clock.now() + delayMs, creatorId: project.creatorId });
}

/** Runs every waiting authorization job now. */
export function settleAuthorizations(world: World): void {
  world.index.staleAuthorizations.clear();
  world.index.newProjects.clear();
}
