import { canReadGroup, groupByPath, listsUser, readsAll, userByName, usersReachingGroup } from '../model/index.ts';
import type { User } from '../model/index.ts';
import { keysetConnection } from './connection.ts';
import type { Connection, PageArgs, SortColumn } from './connection.ts';
import { isSelfOrAdmin } from './context.ts';
import type { Context } from './context.ts';
import { accessError, FieldError } from './errors.ts';
import { numberOf, numbersOf } from './gid.ts';
import { groupsConnection } from './groupLists.ts';
import type { GroupsArgs } from './groupLists.ts';
import { findGroup } from './groups.ts';
import { groupNamespace } from './namespaces.ts';
import type { NamespaceNode } from './namespaces.ts';
import { projectsConnection } from './projectLists.ts';
import type { ProjectsArgs } from './projectLists.ts';
import { findProject } from './projects.ts';
import { instanceRole, instanceRoles, standardRoles } from './roles.ts';
import type { RolesArgs } from './roles.ts';
import { matchesUser, typeName } from './userSearch.ts';

interface UserArgs {
  readonly id?: string | null;
  readonly username?: string | null;
}

interface UsersArgs extends PageArgs {
  readonly ids?: readonly string[] | null;
  readonly usernames?: readonly string[] | null;
  readonly search?: string | null;
  readonly sort?: string | null;
  readonly admins?: boolean | null;
  readonly active?: boolean | null;
  readonly humans?: boolean | null;
  readonly groupId?: string | null;
  readonly userTypes?: readonly string[] | null;
}

/** One user in any state, by exactly one of id and username. */
function user(context: Context, { id, username }: UserArgs): User | null {
  if (!context.viewer.user) throw accessError();
  if ((id == null) === (username == null)) throw new FieldError('Provide either a single username or id');
  const found = username == null ? context.world.users.get(numberOf(id ?? '')) : userByName(context.world, username);
  return found ?? null;
}

/** The people and robots that fit; non-admins never get blocked ones (docs/gitlab.md §users). */
function users(context: Context, args: UsersArgs): Connection<User> {
  const { world, viewer } = context;
  if (!viewer.user) throw accessError();
  if (args.ids != null && args.usernames != null) {
    throw new FieldError('Provide either a list of usernames or ids');
  }
  const ids = args.ids == null ? null : numbersOf(args.ids, 'User');
  const names = args.usernames == null ? null : new Set(args.usernames.map((name) => name.toLowerCase()));
  const reaching = args.groupId == null ? null : usersOfGroup(context, numberOf(args.groupId));
  const types = args.userTypes == null ? null : new Set(args.userTypes);
  const items = [...world.users.values()].filter(
    (one) =>
      (!ids || ids.has(one.id)) &&
      (!names || names.has(one.username.toLowerCase())) &&
      (!reaching || reaching.has(one.id)) &&
      (!types || types.has(typeName(one))) &&
      (args.active == null || (one.state === 'active') === args.active) &&
      (args.humans == null || (one.userType === 'human') === args.humans) &&
      (args.admins !== true || !readsAll(viewer) || one.admin) &&
      (!args.search || matchesUser(viewer, one, args.search)) &&
      listsUser(viewer, one),
  );
  return keysetConnection({ items, order: userOrder(args.sort ?? 'CREATED_DESC') }, args);
}

function usersOfGroup({ world, viewer }: Context, groupId: number): Set<number> {
  const group = world.groups.get(groupId);
  if (!group || !canReadGroup(world, viewer, group)) throw accessError();
  return usersReachingGroup(world, groupId);
}

function userOrder(sort: string): SortColumn<User>[] {
  const [name = '', direction = ''] = sort.toLowerCase().split('_');
  const descending = direction === 'desc';
  const get = name === 'updated' ? (one: User): number => one.updatedAt : (one: User): number => one.createdAt;
  return [
    { name: `${name}_at`, get, descending },
    { name: 'id', get: (one) => one.id, descending },
  ];
}

/** A group or a person's own namespace; a project's path finds nothing. */
function namespace(context: Context, fullPath: string): NamespaceNode | null {
  const { world } = context;
  if (groupByPath(world, fullPath)) {
    const group = findGroup(context, fullPath);
    return group ? groupNamespace(group) : null;
  }
  const owner = userByName(world, fullPath);
  return owner && isSelfOrAdmin(context, owner.id) ? { kind: 'user', user: owner } : null;
}

function metadata({ world, viewer }: Context): object | null {
  if (!viewer.user) return null;
  const { version, revision, edition } = world.settings;
  return { version, revision, enterprise: edition === 'ee', kas: { enabled: false } };
}

/** The root fields of `Query`. */
export const queryFields = {
  currentUser: (_root: unknown, _args: unknown, { viewer }: Context) => viewer.user,
  metadata: (_root: unknown, _args: unknown, context: Context) => metadata(context),
  queryComplexity: (_root: unknown, _args: unknown, { complexity }: Context) => complexity,
  user: (_root: unknown, args: UserArgs, context: Context) => user(context, args),
  users: (_root: unknown, args: UsersArgs, context: Context) => users(context, args),
  group: (_root: unknown, args: { fullPath: string }, context: Context) => findGroup(context, args.fullPath),
  groups: (_root: unknown, args: GroupsArgs, context: Context) => groupsConnection(context, args),
  project: (_root: unknown, args: { fullPath: string }, context: Context) => findProject(context, args.fullPath),
  projects: (_root: unknown, args: ProjectsArgs, context: Context) => projectsConnection(context, args),
  namespace: (_root: unknown, args: { fullPath: string }, context: Context) => namespace(context, args.fullPath),
  memberRole: (_root: unknown, args: RolesArgs, context: Context) => instanceRole(context, args),
  memberRoles: (_root: unknown, args: RolesArgs, context: Context) => instanceRoles(context, args),
  standardRoles: (_root: unknown, args: PageArgs) => standardRoles(args),
};

/** Fields of `Metadata`; every feature flag is off. */
export const metadataFields = {
  featureFlags: (_source: unknown, { names }: { names: readonly string[] }) =>
    names.map((name) => ({ name, enabled: false })),
};
