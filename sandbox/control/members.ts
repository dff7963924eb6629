import type { Member, World } from '../model/index.ts';

/** A member row as the control API shows it. */
export function memberRow(member: Member): Record<string, unknown> {
  return {
    ...member,
    createdAt: new Date(member.createdAt).toISOString(),
    updatedAt: new Date(member.updatedAt).toISOString(),
    requestedAt: member.requestedAt === null ? null : new Date(member.requestedAt).toISOString(),
  };
}

/** The whole membership table in order of row id, access requests included: what tests compare before and after. */
export function membershipTable(world: World): Record<string, unknown>[] {
  return [...world.members.values()].map(memberRow);
}
