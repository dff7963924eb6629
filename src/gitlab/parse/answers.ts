import { z } from 'zod';
import type { GroupRecord } from '../records.ts';
import { gidNumber } from './gid.ts';
import { graphqlUser } from './people.ts';
import { graphqlGroup, graphqlProject } from './sources.ts';

/** `nodes` of a connection. A null element is a row that GitLab could not show. */
export function nodesOf<T extends z.ZodType>(row: T): z.ZodArray<z.ZodNullable<T>> {
  return z.array(row.nullable());
}

export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

export const groupAnswer = z.object({ group: graphqlGroup.nullable() }).transform((answer) => answer.group);
export const projectAnswer = z.object({ project: graphqlProject.nullable() }).transform((answer) => answer.project);
export const userAnswer = z.object({ user: graphqlUser.nullable() }).transform((answer) => answer.user);

export const groupIdAnswer = z
  .object({ group: z.object({ id: gidNumber }).nullable() })
  .transform((answer) => answer.group?.id ?? null);

/** A group with how many direct rows it has. */
export type CountedGroup = { group: GroupRecord; directRows: number };

const countedGroup = z
  .intersection(graphqlGroup, z.object({ groupMembersCount: z.int() }))
  .transform(({ groupMembersCount, ...group }): CountedGroup => ({ group, directRows: groupMembersCount }));

export const groupsAnswer = z
  .object({ groups: z.object({ nodes: nodesOf(countedGroup) }).nullable() })
  .transform((answer) => answer.groups?.nodes ?? []);
export const projectsAnswer = z
  .object({ projects: z.object({ nodes: nodesOf(graphqlProject) }).nullable() })
  .transform((answer) => answer.projects?.nodes ?? []);
export const usersAnswer = z
  .object({ users: z.object({ nodes: nodesOf(graphqlUser) }).nullable() })
  .transform((answer) => answer.users?.nodes ?? []);

/** A page of a connection, `count` where the connection has one. */
export function pageOf<T extends z.ZodType>(
  row: T,
): z.ZodObject<{ pageInfo: typeof pageInfo; nodes: z.ZodArray<z.ZodNullable<T>> }> {
  return z.object({ pageInfo, nodes: nodesOf(row) });
}

export const count = z.int().nonnegative();
