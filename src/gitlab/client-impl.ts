import { bulkReads } from './bulk/index.ts';
import type { CallPriority, GitLabClient } from './client.ts';
import { queryView } from './query-view.ts';
import { pendingApprovals } from './reads/approvals.ts';
import { deletions } from './reads/deletions.ts';
import { groupsById, groupsByPath, projectsById, projectsByPath, usersById, usersByUsername } from './reads/keyed.ts';
import { groupProjects, listAllUsers, listProjects, subgroups } from './reads/lists.ts';
import { members } from './reads/members.ts';
import { memberships } from './reads/memberships.ts';
import { ownGroups } from './reads/own-groups.ts';
import { reachUsers } from './reads/reach-users.ts';
import { asGitLabError } from './reads/results.ts';
import { accessToken, accessTokens, managedSources, serviceAccounts } from './rest/access-tokens.ts';
import { allMembers } from './rest/all-members.ts';
import { deployKeys, deployTokens } from './rest/credentials.ts';
import { listGroups } from './rest/groups.ts';
import { currentUser, metadata, probeAdmin, rotateSelf, tokenSelf } from './rest/identity.ts';
import { addMember, changeMember, directRows, removalWaitMs, removeMember } from './rest/members.ts';
import { accessRequests, inForceOnProject, sourceDetail } from './rest/sources.ts';
import type { SourceRef } from './records.ts';
import type { Session } from './session.ts';
import type { Sharing } from './sharing.ts';

/** What the clients of all priorities share. */
export type ClientCore = {
  baseUrl: string;
  session: (priority: CallPriority) => Session;
  health: GitLabClient['health'];
  sharing: Sharing;
  close: () => Promise<void>;
};

/** Lets no error out but `GitLabError`. */
async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asGitLabError(error);
  }
}

/** A write of a membership: once it was sent, what queries were told of it before does not serve again, however it went. */
async function written<T>(
  core: ClientCore,
  rows: { source: SourceRef; userId: string },
  write: Promise<T>,
): Promise<T> {
  try {
    return await guarded(write);
  } finally {
    core.sharing.forget({ rows });
  }
}

/** The client of one connection at one priority. */
export function clientAt(core: ClientCore, priority: CallPriority): GitLabClient {
  const s = core.session(priority);
  const client: GitLabClient = {
    baseUrl: core.baseUrl,
    health: core.health,
    withPriority: (other) => clientAt(core, other),
    forQueries: (onReuse = () => undefined) => queryView(client, core.sharing, onReuse),
    forget: (change) => {
      core.sharing.forget(change);
    },
    close: core.close,

    tokenSelf: async () => guarded(tokenSelf(s)),
    rotateSelf: async (expiresAt) => guarded(rotateSelf(s, expiresAt)),
    currentUser: async () => guarded(currentUser(s)),
    metadata: async () => guarded(metadata(s)),
    probeAdmin: async (userId) => guarded(probeAdmin(s, userId)),
    ownGroups: async (limit) => guarded(ownGroups(s, limit)),

    groupsByPath: async (paths) => guarded(groupsByPath(s, paths)),
    groupsById: async (ids) => guarded(groupsById(s, ids)),
    projectsByPath: async (paths) => guarded(projectsByPath(s, paths)),
    projectsById: async (ids) => guarded(projectsById(s, ids)),
    usersByUsername: async (names) => guarded(usersByUsername(s, names)),
    usersById: async (ids) => guarded(usersById(s, ids)),
    deletions: async (kind, ids) => guarded(deletions(s, kind, ids)),
    members: async (queries) => guarded(members(s, queries)),
    memberships: async (queries) => guarded(memberships(s, queries)),

    groups: async (query) => guarded(listGroups(s, query)),
    projects: async (query) => guarded(listProjects(s, query)),
    users: async (query) => guarded(query.wholeInstance ? listAllUsers(s, query) : reachUsers(s, query)),
    subgroups: async (group, page) => guarded(subgroups(s, group, page)),
    groupProjects: async (group, page) => guarded(groupProjects(s, group, page)),

    bulk: () => bulkReads(s),

    sourceDetail: async (source) => guarded(sourceDetail(s, source)),
    directRows: async (source, userIds) => guarded(directRows(s, source, userIds)),
    allMembers: async (source, query) => guarded(allMembers(s, source, query)),
    inForceOnProject: async (projectId, user) => guarded(inForceOnProject(s, projectId, user)),
    accessTokens: async (holder, query) => guarded(accessTokens(s, holder, query)),
    accessToken: async (holder, id) => guarded(accessToken(s, holder, id)),
    managedSources: async (query) => guarded(managedSources(s, query)),
    serviceAccounts: async (groupId, page) => guarded(serviceAccounts(s, groupId, page)),
    deployTokens: async (source) => guarded(deployTokens(s, source)),
    deployKeys: async (projectId) => guarded(deployKeys(s, projectId)),
    accessRequests: async (source) => guarded(accessRequests(s, source)),
    pendingApprovals: async (source) => guarded(pendingApprovals(s, source)),

    addMember: async (source, userId, role) => written(core, { source, userId }, addMember(s, source, userId, role)),
    changeMember: async (source, userId, role) =>
      written(core, { source, userId }, changeMember(s, source, userId, role)),
    removeMember: async (source, userId, options) =>
      written(core, { source, userId }, removeMember(s, source, userId, options)),
    removalWaitMs: (source) => removalWaitMs(s, source),
  };
  return client;
}
