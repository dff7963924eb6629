import { inForce } from './access.ts';
import { linksInto, membersOf, selfAndAncestors } from './tree.ts';
import { ACCESS, type Group, type Member } from './types.ts';
import type { World } from './world.ts';

/**
 * Owner rows that the last-owner rule counts: humans' accepted ones, blocked people included, robots left out. A root
 * group counts its own rows, a subgroup those of its ancestors and of shared groups too (docs/gitlab.md §last owner).
 */
export function humanOwnerRows(world: World, group: Group): Member[] {
  const own = membersOf(world, 'Group', group.id).filter((row) => countsAsOwner(world, row, ACCESS.OWNER));
  if (group.parentId === null) return own;
  const rows = new Set(own);
  for (const above of selfAndAncestors(world, group.id)) {
    for (const row of membersOf(world, 'Group', above.id)) if (countsAsOwner(world, row, ACCESS.OWNER)) rows.add(row);
    for (const link of linksInto(world, 'Group', above.id)) {
      for (const row of membersOf(world, 'Group', link.invitedGroupId)) {
        if (countsAsOwner(world, row, link.accessLevel)) rows.add(row);
      }
    }
  }
  return [...rows];
}

function countsAsOwner(world: World, row: Member, cap: number): boolean {
  if (Math.min(row.accessLevel, cap) !== ACCESS.OWNER || !inForce(row)) return false;
  return world.users.get(row.userId)?.userType === 'human';
}

/** Whether a row is the last Owner of its group, which nobody may change. */
export function isLastOwner(world: World, member: Member): boolean {
  if (member.sourceKind !== 'Group' || member.accessLevel !== ACCESS.OWNER) return false;
  const group = world.groups.get(member.sourceId);
  if (!group) return false;
  const rows = humanOwnerRows(world, group);
  return rows.length === 0 || (rows.length === 1 && rows[0] === member);
}

/** Whether the rule forbids removing a row: a robot's own Owner row is outside it. */
export function blocksRemoval(world: World, member: Member): boolean {
  return world.users.get(member.userId)?.userType !== 'service_account' && isLastOwner(world, member);
}

/** Groups of which a user is the only human Owner. */
export function soleOwnedGroups(world: World, userId: number): Group[] {
  const found: Group[] = [];
  for (const row of world.index.membersByUser.get(userId)?.values() ?? []) {
    const group = row.sourceKind === 'Group' ? world.groups.get(row.sourceId) : undefined;
    if (!group || !countsAsOwner(world, row, ACCESS.OWNER)) continue;
    const rows = humanOwnerRows(world, group);
    if (rows.length === 1 && rows[0] === row) found.push(group);
  }
  return found;
}
