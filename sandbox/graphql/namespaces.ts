import { ACCESS, fullName, rootOf, viewerGroupLevel } from '../model/index.ts';
import type { Group, User } from '../model/index.ts';
import { keysetConnection } from './connection.ts';
import { isSelfOrAdmin } from './context.ts';
import type { Context } from './context.ts';
import { gidOf } from './gid.ts';
import { groupProjects } from './projectLists.ts';
import type { GroupProjectsArgs } from './projectLists.ts';

/** What the type `Namespace` stands for: a group, or a person's own namespace. */
export type NamespaceNode =
  { readonly kind: 'group'; readonly group: Group } | { readonly kind: 'user'; readonly user: User };

/** A group's namespace node. */
export function groupNamespace(group: Group): NamespaceNode {
  return { kind: 'group', group };
}

function pick<T>(node: NamespaceNode, ofGroup: (group: Group) => T, ofUser: (user: User) => T): T {
  return node.kind === 'group' ? ofGroup(node.group) : ofUser(node.user);
}

/** Fields of `Namespace`; a group read as a namespace keeps its own global id. */
export const namespaceFields = {
  id: (node: NamespaceNode) =>
    pick(
      node,
      ({ id }) => gidOf('Group', id),
      ({ namespaceId }) => gidOf('Namespaces::UserNamespace', namespaceId),
    ),
  fullPath: (node: NamespaceNode) =>
    pick(
      node,
      ({ fullPath }) => fullPath,
      ({ username }) => username,
    ),
  path: (node: NamespaceNode) =>
    pick(
      node,
      ({ path }) => path,
      ({ username }) => username,
    ),
  name: (node: NamespaceNode) =>
    pick(
      node,
      ({ name }) => name,
      ({ name }) => name,
    ),
  fullName: (node: NamespaceNode, _args: unknown, { world }: Context) =>
    pick(
      node,
      (group) => fullName(world, group),
      ({ name }) => name,
    ),
  description: (node: NamespaceNode) =>
    pick(
      node,
      ({ description }) => description,
      () => '',
    ),
  visibility: (node: NamespaceNode) =>
    pick<string>(
      node,
      ({ visibility }) => visibility,
      () => 'public',
    ),
  requestAccessEnabled: (node: NamespaceNode) =>
    pick(
      node,
      (group) => group.requestAccessEnabled,
      () => true,
    ),
  avatarUrl: () => null,
  webUrl: (node: NamespaceNode, _args: unknown, { baseUrl }: Context) =>
    pick(
      node,
      ({ fullPath }) => `${baseUrl}/groups/${fullPath}`,
      ({ username }) => `${baseUrl}/${username}`,
    ),
  rootNamespace: (node: NamespaceNode, _args: unknown, { world }: Context): NamespaceNode =>
    pick(
      node,
      (group) => groupNamespace(rootOf(world, 'Group', group.id) ?? group),
      () => node,
    ),
  projects: (node: NamespaceNode, args: GroupProjectsArgs, context: Context) =>
    pick(
      node,
      (group) => groupProjects(context, group, args),
      (user) => {
        const items = [...context.world.projects.values()].filter(({ ownerId }) => ownerId === user.id);
        return keysetConnection({ items, order: [{ name: 'id', get: ({ id }) => id, descending: true }] }, args);
      },
    ),
  userPermissions: (node: NamespaceNode, _args: unknown, context: Context) => ({
    readNamespace: true,
    createProjects: pick(
      node,
      ({ id }) => viewerGroupLevel(context.world, context.viewer, id) >= ACCESS.DEVELOPER,
      ({ id }) => isSelfOrAdmin(context, id),
    ),
  }),
};
