import type { UserRef } from '../generated/resolvers.ts';
import type { ShareLink } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { accessPaths } from './access-paths.ts';
import { membersRefused, readIfShown } from './member-origins.ts';
import type { AccessNode, SourceNode } from './nodes.ts';
import { toMember, toNode } from './to-node.ts';
import { groupsAbove } from './tree.ts';
import { userOfRef } from './user-ref.ts';

/**
 * A user's effective level on a group or project, as GitLab tells it, and every row that gives it. `pathsComplete` is false when
 * GitLab shows more than these rows explain: some group on the way is hidden from the token. Throws BAD_USER_INPUT for an
 * unknown user, and the `GitLabError` of a refusal.
 */
export async function readAccess(loaders: Loaders, source: SourceNode, ref: UserRef): Promise<AccessNode> {
  const { connectionId, kind, id } = source;
  const [user, above, links] = await Promise.all([
    userOfRef(loaders, ref),
    groupsAbove(loaders, source),
    linksOnProject(loaders, source),
  ]);
  const [rows, effective] = await Promise.all([
    accessPaths(loaders, { source, above, links }, user.id),
    effectiveLevel(loaders, source, user.id),
  ]);
  const explained = Math.max(0, ...rows.map(({ record }) => record.accessLevel));
  const list = { kind, id };
  return {
    connectionId,
    user: toNode(connectionId, user),
    accessLevelValue: effective ?? explained,
    paths: rows.map((row) => toMember(connectionId, list, row.kind, row.record)),
    pathsComplete: (effective ?? 0) <= explained,
  };
}

/**
 * The level that GitLab shows, null for none. A project's lists give the recalculated level once they give any row of the user;
 * what a private invited group gives shows only in the list of everybody (docs/gitlab.md §member lists).
 */
async function effectiveLevel(loaders: Loaders, source: SourceNode, userId: string): Promise<number | null> {
  const { kind, id } = source;
  const nothingHidden = loaders.connection.identity.isAdmin;
  if (kind === 'project' || nothingHidden) {
    const level = await listedLevel(loaders, source, userId);
    if (level !== null || nothingHidden) return level;
  }
  const row = await loaders.effectiveRow.load({ source: { kind, id }, userId });
  return row?.accessLevel ?? null;
}

async function listedLevel(loaders: Loaders, source: SourceNode, userId: string): Promise<number | null> {
  const { id, fullPath } = source;
  const asked = { id, fullPath, search: null, userIds: [userId], first: 1, after: null };
  const page = await readIfShown(
    loaders,
    source.kind === 'group'
      ? { ...asked, kind: 'group', relations: ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS'] }
      : { ...asked, kind: 'project', relations: ['DIRECT', 'INHERITED', 'INVITED_GROUPS', 'SHARED_INTO_ANCESTORS'] },
  );
  if (page === null) throw membersRefused(fullPath);
  return page.items[0]?.accessLevel ?? null;
}

async function linksOnProject(loaders: Loaders, source: SourceNode): Promise<readonly ShareLink[]> {
  if (source.kind === 'group') return [];
  return (await loaders.sourceDetail.load({ kind: 'project', id: source.id })).sharedWithGroups;
}
