import type { GroupAccessArgs, MembershipSourceResolvers } from '../generated/resolvers.ts';
import { readMembers, type MembersArgs } from './members.ts';
import type { AccessNode, ConnectionOf, MemberNode, SourceNode } from './nodes.ts';
import { readAccess } from './read-access.ts';
import type { Context } from './services.ts';

/** Sources carry their kind, so the type is known without waiting. */
export const membershipSource: MembershipSourceResolvers = {
  __resolveType: ({ kind }) => (kind === 'group' ? 'Group' : 'Project'),
};

/** `members` of a group or project. */
export async function members(
  source: SourceNode,
  args: MembersArgs,
  context: Context,
): Promise<ConnectionOf<MemberNode>> {
  return readMembers(await context.loaders(source.connectionId), source, args);
}

/** `access` to a group or project. */
export async function access(source: SourceNode, { user }: GroupAccessArgs, context: Context): Promise<AccessNode> {
  return readAccess(await context.loaders(source.connectionId), source, user);
}
