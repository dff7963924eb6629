import type { MemberResolvers } from '../generated/resolvers.ts';
import type { SourceRef } from '../gitlab/records.ts';
import { accessLevelOf } from './access-level.ts';
import type { MemberNode } from './nodes.ts';

/** Most fields stand ready in the node; these look again, and only when they are asked for. */
export const member: MemberResolvers = {
  memberRole: async (row, _args, context) => {
    const home = homeOf(row);
    if (home === null) return null;
    const { directRows } = await context.loaders(row.connectionId);
    const rows = await directRows.load({ source: home, userId: row.record.user.id });
    const role = rows.find(({ memberRole }) => memberRole !== null)?.memberRole ?? null;
    return role && { gitlabId: role.id, name: role.name, baseAccessLevel: accessLevelOf(role.baseAccessLevel) };
  },
  grant: async (row, _args, context) => {
    const home = homeOf(row);
    if (home === null) return null;
    const { grantAt } = await context.loaders(row.connectionId);
    return grantAt.load({ source: home, userId: row.record.user.id });
  },
};

/** Where the row lives; null for a group that this token may not read. */
function homeOf({ kind, list, record }: MemberNode): SourceRef | null {
  if (record.source !== null) return { kind: record.source.kind, id: record.source.id };
  return kind === 'DIRECT' ? list : null;
}
