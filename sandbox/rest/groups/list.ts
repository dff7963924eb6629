import { check } from '../../http/params.ts';
import { capOffset, paginate } from '../../http/paginate.ts';
import type { Reply } from '../../http/reply.ts';
import { canReadGroup, readsAll, type Group } from '../../model/index.ts';
import { addressOf, limit, type Call } from '../context.ts';
import { groupEntity } from '../entities/groups.ts';
import { findGroup } from '../lookup.ts';
import { compareText, matches } from '../search.ts';
import { childrenOf, subtree } from '../../model/index.ts';
import { authorizedGroups, groupsFromLevel, ownedGroups } from './reach.ts';

const LEVELS = [10, 15, 20, 30, 40, 50];
const RULES = {
  top_level_only: { type: 'bool' },
  owned: { type: 'bool' },
  min_access_level: { type: 'int', values: LEVELS },
  search: { type: 'string' },
  all_available: { type: 'bool' },
  visibility: { type: 'string', values: ['private', 'internal', 'public'] },
  skip_groups: { type: 'ints' },
  statistics: { type: 'bool' },
  archived: { type: 'bool' },
  active: { type: 'bool' },
  marked_for_deletion_on: { type: 'date' },
  order_by: { type: 'string', values: ['name', 'path', 'id', 'similarity'] },
  sort: { type: 'string', values: ['asc', 'desc'] },
} as const;

/**
 * Filters and orders the groups a list is about. Without `all_available` (default true for administrators and auditors)
 * only groups the caller belongs to are shown; `owned` and `min_access_level` win over it.
 */
function listed(call: Call, within: readonly Group[] | null): Group[] {
  const { world, viewer, params } = call;
  const sent = check(params, RULES);
  const everything = within ?? [...world.groups.values()];
  let found: readonly Group[] = everything;
  if (viewer.user && (sent.owned === true || sent.min_access_level != null)) {
    const level = sent.min_access_level;
    const mine = level == null ? ownedGroups(world, viewer.user.id) : groupsFromLevel(world, viewer.user.id, level);
    found = intersect(everything, mine);
  } else if (viewer.user && !(sent.all_available ?? readsAll(viewer))) {
    found = intersect(everything, authorizedGroups(world, viewer.user.id));
  } else if (!readsAll(viewer)) {
    found = everything.filter((group) => canReadGroup(world, viewer, group));
  }
  const skip = new Set(sent.skip_groups);
  const search = sent.search?.toLowerCase() ?? '';
  const keep = (group: Group): boolean => {
    if (sent.top_level_only && group.parentId !== null) return false;
    if (sent.visibility !== undefined && group.visibility !== sent.visibility) return false;
    if (sent.archived !== undefined && group.archived !== sent.archived) return false;
    if (sent.active !== undefined && sent.active === (group.archived || group.markedForDeletionOn !== null))
      return false;
    if (sent.marked_for_deletion_on != null && group.markedForDeletionOn !== sent.marked_for_deletion_on) return false;
    if (skip.has(group.id)) return false;
    return search === '' || matches(group.name, search) || matches(group.path, search);
  };
  return sorted(found.filter(keep), sent.order_by ?? 'name', sent.sort === 'desc' ? -1 : 1);
}

function intersect(groups: readonly Group[], wanted: readonly Group[]): Group[] {
  const ids = new Set(wanted.map((group) => group.id));
  return groups.filter((group) => ids.has(group.id));
}

function sorted(groups: Group[], key: string, sign: number): Group[] {
  if (key === 'id') return groups.sort((a, b) => sign * (a.id - b.id));
  const text = (group: Group): string => (key === 'path' ? group.path : group.name);
  return groups.sort((a, b) => sign * (compareText(text(a), text(b)) || a.id - b.id));
}

function reply(call: Call, groups: readonly Group[]): Reply {
  return paginate(addressOf(call), groups, (group) => groupEntity(call, group));
}

/** GET /groups. With a token a wish for keyset paging is ignored. */
export function listGroups(call: Call): Reply {
  limit(call, 'groups_api');
  if (!call.viewer.user) capOffset(call.params, 'Group');
  return reply(call, listed(call, null));
}

/** GET /groups/:id/subgroups: direct children. */
export function listSubgroups(call: Call): Reply {
  const group = findGroup(call);
  return reply(call, listed(call, [...childrenOf(call.world, group.id)]));
}

/** GET /groups/:id/descendant_groups: all levels below. */
export function listDescendants(call: Call): Reply {
  const group = findGroup(call);
  return reply(call, listed(call, subtree(call.world, group.id).slice(1)));
}
