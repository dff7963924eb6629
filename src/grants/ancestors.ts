import type { GitLabClient, MembersQuery } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { GroupRecord, SourceRef } from '../gitlab/records.ts';
import { raisedGroups } from '../store/ledger-above.ts';
import type { Db } from '../store/store.ts';
import { highestRole } from './levels.ts';
import type { Inherited, InheritedRole } from './plan/types.ts';

/** Paths of the groups above a path, the top-level group first. */
export function pathsAbove(fullPath: string): string[] {
  const parts = fullPath.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

const found = <T>(value: T | null | GitLabError | undefined): T | null => {
  if (value === undefined || value === null) return null;
  // A group above that this token may not read is as good as none: GitLab itself refuses a level below an inherited one.
  if (!(value instanceof GitLabError)) return value;
  if (value.code === 'FORBIDDEN' || value.code === 'SOURCE_NOT_FOUND') return null;
  throw value;
};

/** Where the source is now; null when GitLab shows it no more. */
export async function currentPath(client: GitLabClient, source: SourceRef): Promise<string | null> {
  const byId = source.kind === 'group' ? await client.groupsById([source.id]) : await client.projectsById([source.id]);
  return found(byId.get(source.id))?.fullPath ?? null;
}

/** The groups above a path that this token may read, the top-level group first. In a personal namespace there is none. */
export async function groupsAbove(client: GitLabClient, fullPath: string): Promise<GroupRecord[]> {
  const paths = pathsAbove(fullPath);
  if (paths.length === 0) return [];
  const byPath = await client.groupsByPath(paths);
  return paths.map((path) => found(byPath.get(path))).filter((group) => group !== null);
}

/** What the person's own rows in these groups give, group by group. */
async function rolesIn(client: GitLabClient, groups: readonly GroupRecord[], userId: string): Promise<InheritedRole[]> {
  if (groups.length === 0) return [];
  const queries = groups.map((group): MembersQuery => ({
    kind: 'group',
    key: group.id,
    id: group.id,
    fullPath: group.fullPath,
    relations: ['DIRECT'],
    userIds: [userId],
    search: null,
    first: 1,
    after: null,
  }));
  const pages = await client.members(queries);
  return groups.flatMap((group) => {
    const row = found(pages.get(group.id))?.items.find((item) => item.user.id === userId);
    if (row === undefined) return [];
    return [{ accessLevel: row.accessLevel, memberRoleId: null, group: { id: group.id, fullPath: group.fullPath } }];
  });
}

/**
 * The same by REST, one call a group: GraphQL may be answered by a copy of the database that lags behind, REST shows custom roles
 * too. A row that awaits approval gives nothing.
 */
async function exactRolesIn(
  client: GitLabClient,
  groups: readonly GroupRecord[],
  userId: string,
): Promise<InheritedRole[]> {
  const rolesOf = async (group: GroupRecord): Promise<InheritedRole[]> => {
    const answer = await client.directRows(group, [userId]).catch((error: unknown) => {
      if (error instanceof GitLabError) return error;
      throw error;
    });
    const rows = (found(answer)?.rows ?? []).filter((row) => row.userId === userId && row.state === 'active');
    return rows.map(({ accessLevel, memberRoleId }) => ({
      accessLevel,
      memberRoleId,
      group: { id: group.id, fullPath: group.fullPath },
    }));
  };
  return (await Promise.all(groups.map(rolesOf))).flat();
}

/** What the groups above give, and which of them could be read, the top-level group first. */
export type Above = { inherited: Inherited; groupIds: string[] };

/**
 * The highest role in the rows of the groups above, with and without what our own grants give there (docs/grants.md, terms).
 * What is ours is asked before and after the rows are read: a row that we raise, or put back, in between must never pass for
 * somebody else's, since a base below it would be given up for good (S30); `exact`: before it is. Rejects with a `GitLabError`
 * when a readable group cannot be read just now.
 */
export async function readInherited(
  deps: { client: GitLabClient; db: Db; instanceId: string },
  fullPath: string,
  userId: string,
  { exact }: { exact: boolean },
): Promise<Above> {
  const groups = await groupsAbove(deps.client, fullPath);
  const groupIds = groups.map((group) => group.id);
  const before = await raisedGroups(deps.db, deps.instanceId, groupIds, userId);
  const all = await (exact ? exactRolesIn : rolesIn)(deps.client, groups, userId);
  const after = await raisedGroups(deps.db, deps.instanceId, groupIds, userId);
  const raised = new Map([...before, ...after].map((group) => [group.groupId, group]));
  const others = all.flatMap((role) => {
    const ours = raised.get(role.group.id);
    // A grant without an end gives for good, like anybody else's row.
    if (ours === undefined || ours.standing) return [role];
    if (ours.base === 'absent') return [];
    return [{ ...role, accessLevel: ours.base.accessLevel, memberRoleId: ours.base.memberRoleId }];
  });
  return { inherited: { all: highestRole(all), others: highestRole(others) }, groupIds };
}
