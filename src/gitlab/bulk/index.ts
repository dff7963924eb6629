import type { MemberRecord } from '../records.ts';
import { memberships } from '../reads/memberships.ts';
import { asGitLabError, orThrow } from '../reads/results.ts';
import type { Session } from '../session.ts';
import {
  bulkGroupsById,
  bulkProjectsById,
  bulkUsersById,
  customRoleLevels,
  invitations,
  tellsInvitations,
} from './keyed.ts';
import { groupsBelow, listGroups, listProjects, listUsers } from './lists.ts';
import { bulkMembers } from './members.ts';
import type { BulkGroup, BulkPage, BulkReads } from './records.ts';
import { roles, shares, waitingPeople } from './rest.ts';

function toGroup({ source }: MemberRecord): BulkGroup[] {
  if (source?.kind !== 'group') return [];
  const { id, fullPath, name, visibility, parentId } = source;
  return [{ id, fullPath, name, visibility, parentId }];
}

/** Groups in which the token's own user has a row; a row whose group is hidden is a gap. */
async function ownGroups(session: Session, after: string | null): Promise<BulkPage<BulkGroup>> {
  await session.learn();
  const userId = session.knowledge.userId ?? '';
  const answer = await memberships(session, [{ key: userId, userId, kind: 'group', first: 100, after }]);
  const page = orThrow(answer.get(userId) ?? null);
  if (page === null) return { items: [], hasNextPage: false, endCursor: null, gaps: 0 };
  const items = page.items.flatMap(toGroup);
  const { hasNextPage, endCursor } = page;
  return { items, hasNextPage, endCursor, gaps: page.items.length - items.length };
}

/** Reads of everything on one session. */
export function bulkReads(session: Session): BulkReads {
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw asGitLabError(error);
    }
  };
  return {
    groups: async (after, newestFirst = false) => guarded(listGroups(session, after, newestFirst)),
    groupsBelow: async (fullPath, after) => guarded(groupsBelow(session, fullPath, after)),
    groupsById: async (ids) => guarded(bulkGroupsById(session, ids)),
    ownGroups: async (after) => guarded(ownGroups(session, after)),
    projects: async (after, membershipOnly) => guarded(listProjects(session, after, membershipOnly)),
    projectsById: async (ids) => guarded(bulkProjectsById(session, ids)),
    users: async (after) => guarded(listUsers(session, after)),
    usersById: async (ids) => guarded(bulkUsersById(session, ids)),
    members: async (sources) => guarded(bulkMembers(session, sources)),
    invitations: async (ids) => guarded(invitations(session, ids)),
    tellsInvitations: async () => guarded(tellsInvitations(session)),
    customRoleLevels: async (paths) => guarded(customRoleLevels(session, paths)),
    roles: async (source) => guarded(roles(session, source)),
    waitingPeople: async (rootPath) => guarded(waitingPeople(session, rootPath)),
    shares: async (source) => guarded(shares(session, source)),
  };
}
