import { ACCESS } from '../model/index.ts';
import type { User } from '../model/index.ts';
import { levelOfName } from './accessLevels.ts';
import type { PageArgs, SortColumn } from './connection.ts';
import type { Context } from './context.ts';
import { numbersOf } from './gid.ts';
import { updatedAtOf, userOf } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';
import { matchesUser, typeName } from './userSearch.ts';

/** The filters that group and project member lists have in common. */
export interface MemberFilterArgs extends PageArgs {
  readonly search?: string | null;
  readonly sort?: string | null;
  readonly accessLevels?: readonly string[] | null;
  /** User global ids, though GitLab describes them as member ids. */
  readonly ids?: readonly string[] | null;
  readonly userTypes?: readonly string[] | null;
}

/** Leaves the rows that every given filter lets pass. */
export function filterMembers(context: Context, nodes: MemberNode[], args: MemberFilterArgs): MemberNode[] {
  const { search, accessLevels, ids, userTypes } = args;
  const userIds = ids == null ? null : numbersOf(ids, 'User');
  const levels = accessLevels == null ? null : new Set(accessLevels.map(levelOfName));
  const types = userTypes == null ? null : new Set(userTypes);
  return nodes.filter((node) => {
    const user = userOf(context, node);
    if (userIds && !(user && userIds.has(user.id))) return false;
    if (types && !(user && types.has(typeName(user)))) return false;
    if (search && !(user && matchesUser(context.viewer, user, search))) return false;
    return !levels || (levels.has(node.level) && isActiveRow(node, user));
  });
}

/** A filter by level shows active people and open invitations only, and never minimal access. */
function isActiveRow(node: MemberNode, user: User | undefined): boolean {
  return (
    node.row.accessLevel > ACCESS.MINIMAL && (user === undefined ? !('userId' in node.row) : user.state === 'active')
  );
}

/** The order of a member list; without `sort` the newest row comes first. */
export function memberOrder(context: Context, sort: string | null | undefined): SortColumn<MemberNode>[] {
  const id: SortColumn<MemberNode> = { name: 'id', get: ({ row }) => row.id, descending: true };
  if (sort == null) return [id];
  const [, name = '', direction = ''] = /^(.+)_(ASC|DESC)$/.exec(sort.toUpperCase()) ?? [];
  const getters: Readonly<Record<string, SortColumn<MemberNode>['get']>> = {
    ACCESS_LEVEL: ({ level }) => level,
    USER_FULL_NAME: (node) => userOf(context, node)?.name ?? null,
    CREATED: ({ row }) => row.createdAt,
    UPDATED: updatedAtOf,
  };
  const get = getters[name];
  return get ? [{ name: name.toLowerCase(), get, descending: direction === 'DESC' }, id] : [id];
}
