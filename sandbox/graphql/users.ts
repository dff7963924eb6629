import {
  authorizedProjects,
  isActive,
  rowsOfUser,
  selfAndAncestors,
  tokensOf,
  visibleName,
  ACCESS,
} from '../model/index.ts';
import type { Group, Member, Token, User } from '../model/index.ts';
import { isSelfOrAdmin, timeText } from './context.ts';
import type { Context } from './context.ts';
import { keysetConnection } from './connection.ts';
import type { Connection, PageArgs, SortColumn } from './connection.ts';
import { gidOf } from './gid.ts';
import { groupOrder } from './groupLists.ts';
import { memberNode, isRowVisible } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';
import type { NamespaceNode } from './namespaces.ts';
import { matchesName, typeName } from './userSearch.ts';

const ROBOTS = new Set(['service_account', 'project_bot', 'security_policy_bot']);

interface TokenArgs extends PageArgs {
  readonly search?: string | null;
  readonly sort: string;
  readonly state?: 'ACTIVE' | 'INACTIVE' | null;
  readonly revoked?: boolean | null;
  readonly expiresBefore?: string | null;
  readonly expiresAfter?: string | null;
  readonly createdBefore?: string | null;
  readonly createdAfter?: string | null;
  readonly lastUsedBefore?: string | null;
  readonly lastUsedAfter?: string | null;
}

/** Direct rows of at least Guest, as far as the caller may see them (docs/gitlab.md §user's memberships). */
function memberships(context: Context, user: User, kind: Member['sourceKind'], args: PageArgs): Connection<MemberNode> {
  const hidden = user.privateProfile || user.state === 'blocked' || !user.confirmed;
  const rows = hidden && !isSelfOrAdmin(context, user.id) ? [] : [...rowsOfUser(context.world, user.id)];
  const items = rows
    .filter((row) => row.sourceKind === kind && row.requestedAt === null && row.accessLevel >= ACCESS.GUEST)
    .map((row) => memberNode(row))
    .filter((node) => isRowVisible(context, node));
  return keysetConnection({ items, order: [{ name: 'id', get: ({ row }) => row.id, descending: true }] }, args);
}

function groupsOf(context: Context, user: User): Group[] {
  const ids = new Set<number>();
  for (const row of rowsOfUser(context.world, user.id)) {
    if (row.sourceKind === 'Group' && row.requestedAt === null) ids.add(row.sourceId);
  }
  return [...ids].flatMap((id) => context.world.groups.get(id) ?? []);
}

function privateTo<T>(context: Context, user: User, value: () => T): T | null {
  return isSelfOrAdmin(context, user.id) ? value() : null;
}

function tokenFilter(context: Context, args: TokenArgs): (token: Token) => boolean {
  const within = (atMs: number | null, after?: string | null, before?: string | null): boolean =>
    (after == null || (atMs !== null && atMs >= Date.parse(after))) &&
    (before == null || (atMs !== null && atMs < Date.parse(before)));
  return (token) =>
    !token.impersonation &&
    (args.state == null || isActive(context.world, token) === (args.state === 'ACTIVE')) &&
    (args.revoked == null || token.revoked === args.revoked) &&
    (!args.search || token.name.toLowerCase().includes(args.search.toLowerCase())) &&
    within(token.expiresAt === null ? null : Date.parse(token.expiresAt), args.expiresAfter, args.expiresBefore) &&
    within(token.createdAt, args.createdAfter, args.createdBefore) &&
    within(token.lastUsedAt, args.lastUsedAfter, args.lastUsedBefore);
}

function tokenOrder(sort: string): SortColumn<Token>[] {
  const [, name = '', direction = ''] = /^(.+)_(ASC|DESC)$/.exec(sort) ?? [];
  const getters: Readonly<Record<string, SortColumn<Token>['get']>> = {
    EXPIRES: ({ expiresAt }) => expiresAt,
    CREATED: ({ createdAt }) => createdAt,
    UPDATED: ({ createdAt }) => createdAt,
    LAST_USED: ({ lastUsedAt }) => lastUsedAt,
    NAME: (token) => token.name,
  };
  const get = getters[name];
  const descending = direction === 'DESC';
  const id: SortColumn<Token> = { name: 'id', get: (token) => token.id, descending };
  return get ? [{ name: name.toLowerCase(), get, descending }, id] : [id];
}

function groupsConnection(
  context: Context,
  user: User,
  args: PageArgs & { search?: string | null; sort?: string | null },
): Connection<Group> {
  const items = groupsOf(context, user).filter((group) => !args.search || matchesName(group, args.search));
  return keysetConnection({ items, order: groupOrder(args.sort ?? 'ID_DESC') }, args);
}

/** Every field of `UserCore` and the types like it; the source is the user's record. */
export const userFields = {
  id: (user: User) => gidOf('User', user.id),
  name: (user: User, _args: unknown, { world, viewer }: Context) => visibleName(world, viewer, user),
  type: typeName,
  bot: (user: User) => ROBOTS.has(user.userType),
  human: (user: User) => user.userType === 'human',
  active: (user: User) => user.state === 'active',
  createdAt: (user: User) => timeText(user.createdAt),
  email: (user: User) => user.publicEmail,
  commitEmail: (user: User, _args: unknown, context: Context) => privateTo(context, user, () => user.email),
  emails: (user: User, args: PageArgs, context: Context) =>
    keysetConnection(
      {
        items: isSelfOrAdmin(context, user.id) ? [user] : [],
        order: [{ name: 'id', get: ({ id }) => id, descending: true }],
      },
      args,
    ),
  avatarUrl: () => null,
  webPath: (user: User) => `/${user.username}`,
  webUrl: (user: User, _args: unknown, { baseUrl }: Context) => `${baseUrl}/${user.username}`,
  compositeIdentityEnforced: () => false,
  userPermissions: (user: User, _args: unknown, context: Context) => ({
    createSnippet: isSelfOrAdmin(context, user.id),
  }),
  customAttributes: (_user: User, _args: unknown, { viewer }: Context) => (viewer.admin ? [] : null),
  groupMemberships: (user: User, args: PageArgs, context: Context) => memberships(context, user, 'Group', args),
  projectMemberships: (user: User, args: PageArgs, context: Context) => memberships(context, user, 'Project', args),
  groups: (user: User, args: PageArgs & { search?: string | null; sort?: string | null }, context: Context) =>
    privateTo(context, user, () => groupsConnection(context, user, args)),
  groupCount: (user: User, _args: unknown, context: Context) =>
    privateTo(context, user, () => {
      const chains = groupsOf(context, user).flatMap((group) => selfAndAncestors(context.world, group.id));
      return new Set(chains).size;
    }),
  projectCount: (user: User, _args: unknown, context: Context) =>
    privateTo(context, user, () => authorizedProjects(context.world, user.id).length),
  namespace: (user: User, _args: unknown, context: Context): NamespaceNode | null =>
    privateTo(context, user, () => ({ kind: 'user', user })),
  personalAccessTokens: (user: User, args: TokenArgs, context: Context) =>
    privateTo(context, user, () => {
      const items = tokensOf(context.world, user.id).filter(tokenFilter(context, args));
      return keysetConnection({ items, order: tokenOrder(args.sort) }, args);
    }),
};

/** An e-mail address of a user; the sandbox's users have one each, confirmed with them. */
export const emailFields = {
  id: (user: User) => gidOf('Email', user.id),
  email: (user: User) => user.email,
  confirmedAt: (user: User) => (user.confirmed ? timeText(user.createdAt) : null),
  createdAt: (user: User) => timeText(user.createdAt),
  updatedAt: (user: User) => timeText(user.updatedAt),
};

/** Fields of `PersonalAccessToken`. */
export const tokenFields = {
  id: (token: Token) => gidOf('PersonalAccessToken', token.id),
  active: (token: Token, _args: unknown, { world }: Context) => isActive(world, token),
  granular: () => false,
  scopes: (token: Token) => token.scopes.map((value) => ({ value })),
  createdAt: (token: Token) => timeText(token.createdAt),
  lastUsedAt: (token: Token) => (token.lastUsedAt === null ? null : timeText(token.lastUsedAt)),
};
