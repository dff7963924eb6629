import { z } from 'zod';
import type { UserRecord, MemberRecord, Page } from '../records.ts';
import { GitLabError } from '../errors.ts';
import { count, nodesOf, pageInfo, pageOf } from './answers.ts';
import { gidNumber } from './gid.ts';
import {
  directMemberRow,
  groupMemberRow,
  groupMembershipRow,
  projectMemberRow,
  projectMembershipRow,
} from './members.ts';
import { graphqlUser, toUser, userShape } from './people.ts';
import { graphqlGroup, graphqlProject } from './sources.ts';

export type RawPage<T> = {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: readonly (T | null)[];
  count?: number;
};

/** A parent with one page of members below it; null where GitLab refuses to list them. */
export type MembersOf = { id: string; page: RawPage<MemberRecord> | null };

const groupMembers = z
  .object({ id: gidNumber, groupMembers: pageOf(groupMemberRow).nullable() })
  .transform((group): MembersOf => ({ id: group.id, page: group.groupMembers }));

const directGroupMembers = z
  .intersection(graphqlGroup, z.object({ groupMembers: pageOf(directMemberRow).nullable() }))
  .transform(({ groupMembers: page, ...group }): MembersOf => {
    const rowsOf = (raw: NonNullable<typeof page>) => ({ ...raw, nodes: raw.nodes.map((row) => row?.(group) ?? null) });
    return { id: group.id, page: page === null ? null : rowsOf(page) };
  });

const projectMembers = z
  .object({ id: gidNumber, projectMembers: pageOf(projectMemberRow).nullable() })
  .transform((project): MembersOf => ({ id: project.id, page: project.projectMembers }));

export const groupMembersAnswer = z
  .object({ groups: z.object({ nodes: nodesOf(groupMembers) }).nullable() })
  .transform((answer) => answer.groups?.nodes ?? []);
export const directGroupMembersAnswer = z
  .object({ groups: z.object({ nodes: nodesOf(directGroupMembers) }).nullable() })
  .transform((answer) => answer.groups?.nodes ?? []);
export const groupMembersByPathAnswer = z
  .object({ group: groupMembers.nullable() })
  .transform((answer) => [answer.group].filter((group) => group !== null));
export const projectMembersAnswer = z
  .object({ projects: z.object({ nodes: nodesOf(projectMembers) }).nullable() })
  .transform((answer) => answer.projects?.nodes ?? []);

type RowOf = (user: UserRecord) => MemberRecord;

/** The rows below a user, with the user in each. */
function owned(user: UserRecord, page: RawPage<RowOf> | null): { userId: string; page: RawPage<MemberRecord> | null } {
  return {
    userId: user.id,
    page: page === null ? null : { ...page, nodes: page.nodes.map((row) => row?.(user) ?? null) },
  };
}

export type MembershipsOf = ReturnType<typeof owned>;

const groupMemberships = z
  .object({ ...userShape, groupMemberships: pageOf(groupMembershipRow).nullable() })
  .transform((user) => owned(toUser(user), user.groupMemberships));
const projectMemberships = z
  .object({ ...userShape, projectMemberships: pageOf(projectMembershipRow).nullable() })
  .transform((user) => owned(toUser(user), user.projectMemberships));

export const groupMembershipsAnswer = z
  .object({ users: z.object({ nodes: nodesOf(groupMemberships) }).nullable() })
  .transform((answer) => answer.users?.nodes ?? []);
export const groupMembershipsOfUserAnswer = z
  .object({ user: groupMemberships.nullable() })
  .transform((answer) => answer.user);
export const projectMembershipsAnswer = z
  .object({ users: z.object({ nodes: nodesOf(projectMemberships) }).nullable() })
  .transform((answer) => answer.users?.nodes ?? []);
export const projectMembershipsOfUserAnswer = z
  .object({ user: projectMemberships.nullable() })
  .transform((answer) => answer.user);

export const projectsPageAnswer = z
  .object({ projects: pageOf(graphqlProject).extend({ count }).nullable() })
  .transform((answer) => answer.projects);
export const usersPageAnswer = z
  .object({ users: pageOf(graphqlUser).extend({ count }).nullable() })
  .transform((answer) => answer.users);
export const groupProjectsAnswer = z
  .object({ group: z.object({ projects: pageOf(graphqlProject).extend({ count }) }).nullable() })
  .transform((answer) => answer.group?.projects ?? null);
export const subgroupsAnswer = z
  .object({
    group: z.object({ descendantGroups: z.object({ pageInfo, nodes: nodesOf(graphqlGroup) }).nullable() }).nullable(),
  })
  .transform((answer) => answer.group?.descendantGroups ?? null);

/**
 * A page that is safe to continue from. A page whose rows are all hidden ends in no cursor though more follow; going on from
 * there would begin again, so it is an error (docs/gitlab.md §GraphQL pages).
 */
export function toPage<T>(raw: RawPage<T>): Page<T> | GitLabError {
  const { hasNextPage, endCursor } = raw.pageInfo;
  if (hasNextPage && endCursor === null) {
    return new GitLabError('UNREADABLE', 'GitLab hides every row of a page, so the list cannot be read on from there.');
  }
  return {
    items: raw.nodes.filter((node) => node !== null),
    hasNextPage,
    endCursor,
    totalCount: raw.count ?? null,
  };
}
