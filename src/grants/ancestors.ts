import type { GitLabClient, MembersQuery } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { GroupRecord, SourceRef } from '../gitlab/records.ts';
import { grantsAtKeys } from '../store/grant-lists.ts';
import type { GrantRow } from '../store/grants.ts';
import type { Db } from '../store/store.ts';
import { highestRole } from './levels.ts';
import type { Role } from './levels.ts';
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

/** What would stand in a group if our own grants there had ended: their base; undefined where none of ours raises it. */
function withoutOurs(grants: readonly GrantRow[], groupId: string): Role | null | undefined {
  const written = grants.filter(
    (grant) => grant.source.id === groupId && (grant.effect === 'ADDED' || grant.effect === 'RAISED'),
  );
  const first = written[0];
  // A grant without an end gives for good, like anybody else's row.
  if (first === undefined || written.some((grant) => grant.dueAt === null)) return undefined;
  return first.base;
}

/**
 * The highest role in the rows of the groups above, with and without what our own grants give there (docs/grants.md, terms).
 * Rejects with a `GitLabError` when a readable group cannot be read just now.
 */
export async function readInherited(
  deps: { client: GitLabClient; db: Db; instanceId: string },
  fullPath: string,
  userId: string,
): Promise<Inherited> {
  const groups = await groupsAbove(deps.client, fullPath);
  const all = await rolesIn(deps.client, groups, userId);
  const ours = await grantsAtKeys(
    deps.db,
    deps.instanceId,
    all.map((role) => ({ source: { kind: 'group' as const, id: role.group.id }, userId })),
  );
  const groupGrants = ours.filter((grant) => grant.source.kind === 'group');
  const others = all.flatMap((role) => {
    const base = withoutOurs(groupGrants, role.group.id);
    if (base === undefined) return [role];
    return base === null ? [] : [{ ...role, accessLevel: base.accessLevel, memberRoleId: base.memberRoleId }];
  });
  return { all: highestRole(all), others: highestRole(others) };
}
