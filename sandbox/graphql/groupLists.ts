import {
  ACCESS,
  canReadGroup,
  groupByPath,
  rowLevelOnGroup,
  rowsOfUser,
  selfAndAncestors,
  subtree,
} from '../model/index.ts';
import type { Group } from '../model/index.ts';
import { keysetConnection } from './connection.ts';
import type { Connection, PageArgs, SortColumn } from './connection.ts';
import type { Context } from './context.ts';
import { numbersOf } from './gid.ts';
import { matchesName } from './userSearch.ts';

/** Arguments of the root field `groups`. */
export interface GroupsArgs extends PageArgs {
  readonly ids?: readonly string[] | null;
  readonly search?: string | null;
  readonly sort?: string | null;
  readonly parentPath?: string | null;
  readonly topLevelOnly?: boolean | null;
  readonly ownedOnly?: boolean | null;
  readonly allAvailable?: boolean | null;
  readonly active?: boolean | null;
  readonly markedForDeletionOn?: string | null;
}

/** Arguments of `Group.descendantGroups`. */
export interface DescendantsArgs extends PageArgs {
  readonly includeParentDescendants?: boolean | null;
  readonly owned?: boolean | null;
  readonly search?: string | null;
  readonly ids?: readonly string[] | null;
  readonly archived?: boolean | null;
  readonly sort?: string | null;
}

/** The groups a caller may see, filtered; an unknown or hidden id is left out (docs/gitlab.md §groups). */
export function groupsConnection(context: Context, args: GroupsArgs): Connection<Group> {
  const { world } = context;
  const ids = args.ids == null ? null : numbersOf(args.ids, 'Group');
  const parent = args.parentPath == null ? null : groupByPath(world, args.parentPath);
  const candidates = ids ? [...ids].flatMap((id) => world.groups.get(id) ?? []) : startingSet(context, args);
  const items = candidates.filter(
    (group) =>
      (args.parentPath == null || (parent !== undefined && parent !== null && group.parentId === parent.id)) &&
      (args.topLevelOnly !== true || group.parentId === null) &&
      (args.ownedOnly !== true || isOwnedBy(context, group)) &&
      (args.active == null || isActiveGroup(context, group) === args.active) &&
      (args.markedForDeletionOn == null || group.markedForDeletionOn === args.markedForDeletionOn) &&
      (!args.search || matchesName(group, args.search)) &&
      canReadGroup(world, context.viewer, group),
  );
  return keysetConnection({ items, order: groupOrder(args.sort ?? 'id_desc') }, args);
}

/** The groups below a group: the whole subtree, or only its children. */
export function descendantsConnection(context: Context, group: Group, args: DescendantsArgs): Connection<Group> {
  const { world, viewer } = context;
  const ids = args.ids == null ? null : numbersOf(args.ids, 'Group');
  const items = subtree(world, group.id)
    .slice(1)
    .filter(
      (below) =>
        (args.includeParentDescendants !== false || below.parentId === group.id) &&
        (args.owned !== true || isOwnedBy(context, below)) &&
        (ids === null || ids.has(below.id)) &&
        (args.archived == null || isArchived(context, below) === args.archived) &&
        (!args.search || matchesName(below, args.search)) &&
        canReadGroup(world, viewer, below),
    );
  return keysetConnection({ items, order: groupOrder(args.sort ?? 'NAME_ASC') }, args);
}

/** The order behind `name_asc`, `CREATED_AT_DESC` and the like; what GitLab does not know is newest first. */
export function groupOrder(sort: string): SortColumn<Group>[] {
  const [, name = '', direction = ''] = /^(.+)_(asc|desc)$/.exec(sort.toLowerCase()) ?? [];
  const getters: Readonly<Record<string, SortColumn<Group>['get']>> = {
    name: (group) => group.name.toLowerCase(),
    path: (group) => group.path.toLowerCase(),
    created_at: (group) => group.createdAt,
    updated_at: (group) => group.updatedAt,
  };
  const get = getters[name];
  const id = (descending: boolean): SortColumn<Group> => ({ name: 'id', get: (group) => group.id, descending });
  if (get) return [{ name, get, descending: direction === 'desc' }, id(true)];
  return [id(!(name === 'id' && direction === 'asc'))];
}

/** Whether a group or one above it is archived. */
export function isArchived(context: Context, group: Group): boolean {
  return selfAndAncestors(context.world, group.id).some(({ archived }) => archived);
}

/** The nearest date on which a group or one above it was marked for deletion. */
export function markedOn(context: Context, group: Group): string | null {
  const marked = selfAndAncestors(context.world, group.id).find((one) => one.markedForDeletionOn !== null);
  return marked?.markedForDeletionOn ?? null;
}

function isActiveGroup(context: Context, group: Group): boolean {
  return !isArchived(context, group) && markedOn(context, group) === null;
}

function startingSet(context: Context, args: GroupsArgs): Group[] {
  const { world, viewer } = context;
  if (args.allAvailable !== false || !viewer.user) return [...world.groups.values()];
  const mine = new Set<Group>();
  for (const row of rowsOfUser(world, viewer.user.id)) {
    if (row.sourceKind !== 'Group' || row.requestedAt !== null) continue;
    for (const group of [...selfAndAncestors(world, row.sourceId), ...subtree(world, row.sourceId)]) mine.add(group);
  }
  return [...mine];
}

function isOwnedBy(context: Context, group: Group): boolean {
  const { user } = context.viewer;
  return user !== null && rowLevelOnGroup(context.world, user.id, group.id) === ACCESS.OWNER;
}
