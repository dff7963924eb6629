import {
  authorizedLevel,
  canReadProject,
  groupByPath,
  linksOf,
  projectsIn,
  selfAndAncestors,
  subtree,
  userByName,
} from '../model/index.ts';
import type { Group, Project, Visibility } from '../model/index.ts';
import { levelOfName } from './accessLevels.ts';
import { keysetConnection } from './connection.ts';
import type { Connection, PageArgs, SortColumn } from './connection.ts';
import type { Context } from './context.ts';
import { FieldError } from './errors.ts';
import { numbersOf } from './gid.ts';
import { matchesName } from './userSearch.ts';

const MAX_PATHS = 50;

/** Arguments of the root field `projects`. */
export interface ProjectsArgs extends PageArgs {
  readonly ids?: readonly string[] | null;
  readonly fullPaths?: readonly string[] | null;
  readonly membership?: boolean | null;
  readonly minAccessLevel?: string | null;
  readonly search?: string | null;
  readonly searchNamespaces?: boolean | null;
  readonly namespacePath?: string | null;
  readonly archived?: 'EXCLUDE' | 'INCLUDE' | 'ONLY' | null;
  readonly active?: boolean | null;
  readonly visibilityLevel?: Visibility | null;
  readonly personal?: boolean | null;
  readonly aimedForDeletion?: boolean | null;
  readonly notAimedForDeletion?: boolean | null;
  readonly markedForDeletionOn?: string | null;
  readonly sort?: string | null;
}

/** Arguments of `Group.projects`. */
export interface GroupProjectsArgs extends PageArgs {
  readonly includeSubgroups?: boolean | null;
  readonly includeArchived?: boolean | null;
  readonly archivedOnly?: boolean | null;
  readonly notAimedForDeletion?: boolean | null;
  readonly ids?: readonly string[] | null;
  readonly search?: string | null;
  readonly sort?: string | null;
}

/** The projects a caller may see, filtered; more than 50 paths are refused (docs/gitlab.md §projects). */
export function projectsConnection(context: Context, args: ProjectsArgs): Connection<Project> {
  const { world } = context;
  const { ids, fullPaths } = args;
  if (fullPaths && fullPaths.length > MAX_PATHS) {
    throw new FieldError(`You cannot provide more than ${String(MAX_PATHS)} full_paths`);
  }
  const numbers = ids == null ? null : numbersOf(ids, 'Project');
  const paths = fullPaths == null ? null : new Set(fullPaths.map((path) => path.toLowerCase()));
  const items = [...world.projects.values()].filter(
    (project) =>
      (!numbers || numbers.has(project.id)) &&
      (!paths || paths.has(project.fullPath.toLowerCase())) &&
      matchesProject(context, project, args) &&
      canReadProject(world, context.viewer, project),
  );
  return keysetConnection({ items, order: projectOrder(args.sort) }, args);
}

function matchesProject(context: Context, project: Project, args: ProjectsArgs): boolean {
  const { world, viewer } = context;
  const own = viewer.user ? authorizedLevel(world, viewer.user.id, project.id) : 0;
  const marked = projectMarkedOn(context, project);
  const archived = isProjectArchived(context, project);
  return (
    (args.membership !== true || own > 0) &&
    (args.minAccessLevel == null || own >= levelOfName(args.minAccessLevel)) &&
    (args.archived == null || args.archived === 'INCLUDE' || archived === (args.archived === 'ONLY')) &&
    (args.active == null || args.active === (!archived && marked === null)) &&
    (args.visibilityLevel == null || project.visibility === args.visibilityLevel) &&
    (args.personal !== true || (project.ownerId !== null && project.ownerId === viewer.user?.id)) &&
    (args.aimedForDeletion !== true || marked !== null) &&
    (args.notAimedForDeletion !== true || marked === null) &&
    (args.markedForDeletionOn == null || project.markedForDeletionOn === args.markedForDeletionOn) &&
    (args.namespacePath == null || isInNamespace(context, project, args.namespacePath)) &&
    (!args.search || matchesName(project, args.search) || isFoundByNamespace(project, args))
  );
}

function isInNamespace({ world }: Context, project: Project, path: string): boolean {
  const group = groupByPath(world, path);
  return group ? project.groupId === group.id : project.ownerId === userByName(world, path)?.id;
}

function isFoundByNamespace(project: Project, args: ProjectsArgs): boolean {
  return args.searchNamespaces === true && project.fullPath.toLowerCase().includes((args.search ?? '').toLowerCase());
}

/** The projects of a group, its subgroups' too when asked for. */
export function groupProjects(context: Context, group: Group, args: GroupProjectsArgs): Connection<Project> {
  const { world, viewer } = context;
  const ids = args.ids == null ? null : numbersOf(args.ids, 'Project');
  const groups = args.includeSubgroups === true ? subtree(world, group.id) : [group];
  const items = groups
    .flatMap(({ id }) => projectsIn(world, id))
    .filter(
      (project) =>
        (ids === null || ids.has(project.id)) &&
        (args.includeArchived !== false || !isProjectArchived(context, project)) &&
        (args.archivedOnly !== true || isProjectArchived(context, project)) &&
        (args.notAimedForDeletion !== true || projectMarkedOn(context, project) === null) &&
        (!args.search || matchesName(project, args.search)) &&
        canReadProject(world, viewer, project),
    );
  return keysetConnection({ items, order: projectOrder(args.sort) }, args);
}

/** Projects that a group was invited to. */
export function sharedProjects(context: Context, group: Group, args: PageArgs): Connection<Project> {
  const { world, viewer } = context;
  const items = linksOf(world, group.id)
    .filter(({ sharedKind }) => sharedKind === 'Project')
    .flatMap(({ sharedId }) => world.projects.get(sharedId) ?? [])
    .filter((project) => canReadProject(world, viewer, project));
  return keysetConnection({ items, order: projectOrder(null) }, args);
}

/** Whether a project or a group above it is archived. */
export function isProjectArchived(context: Context, project: Project): boolean {
  return project.archived || groupsAbove(context, project).some(({ archived }) => archived);
}

/** The date on which a project or a group above it was marked for deletion. */
export function projectMarkedOn(context: Context, project: Project): string | null {
  if (project.markedForDeletionOn !== null) return project.markedForDeletionOn;
  const marked = groupsAbove(context, project).find((group) => group.markedForDeletionOn !== null);
  return marked?.markedForDeletionOn ?? null;
}

function groupsAbove({ world }: Context, project: Project): Group[] {
  return project.groupId === null ? [] : selfAndAncestors(world, project.groupId);
}

function projectOrder(sort: string | null | undefined): SortColumn<Project>[] {
  const [, name = '', direction = ''] = /^(.+)_(asc|desc)$/.exec((sort ?? '').toLowerCase()) ?? [];
  const getters: Readonly<Record<string, SortColumn<Project>['get']>> = {
    name: (project) => project.name.toLowerCase(),
    path: (project) => project.path.toLowerCase(),
    full_path: (project) => project.fullPath.toLowerCase(),
    created_at: (project) => project.createdAt,
    created: (project) => project.createdAt,
    updated_at: (project) => project.updatedAt,
    updated: (project) => project.updatedAt,
    latest_activity: (project) => project.lastActivityAt,
    activity: (project) => project.lastActivityAt,
  };
  const get = getters[name];
  const id = (descending: boolean): SortColumn<Project> => ({ name: 'id', get: (project) => project.id, descending });
  if (get) return [{ name, get, descending: direction === 'desc' }, id(true)];
  return [id(!(name === 'id' && direction === 'asc'))];
}
