import { z } from 'zod';
import type { UserState as GraphqlState, UserType as GraphqlType } from '../generated/operations.ts';
import { nodesOf, pageOf } from '../parse/answers.ts';
import { gidNumber } from '../parse/gid.ts';
import { dateOnly } from '../parse/members.ts';
import { isText, isTextOrFlag, kindOf, userState } from '../parse/people.ts';
import { visibilityOf } from '../parse/sources.ts';
import type { BulkGroup, BulkMember, BulkProject, BulkUser } from './records.ts';

const above = z.object({ id: gidNumber }).nullable();

export const bulkGroup = z
  .object({ id: gidNumber, fullPath: z.string(), name: z.string(), visibility: z.string().nullable(), parent: above })
  .transform(({ parent, visibility, ...group }): BulkGroup => ({
    ...group,
    visibility: visibilityOf(visibility),
    parentId: parent?.id ?? null,
  }));

export const bulkProject = z
  .object({
    id: gidNumber,
    fullPath: z.string(),
    name: z.string(),
    visibility: z.string().nullable(),
    archived: z.boolean().nullable(),
    group: above,
  })
  .transform(({ group, visibility, archived, ...project }): BulkProject => ({
    ...project,
    visibility: visibilityOf(visibility),
    archived: archived ?? false,
    groupId: group?.id ?? null,
  }));

export const bulkUser = z
  .object({
    id: gidNumber,
    username: z.string(),
    name: z.string(),
    state: z.custom<GraphqlState>(isText),
    type: z.custom<GraphqlType>(isTextOrFlag),
    // Older versions leave it out, since they are not asked for it.
    lastActivityOn: z.string().nullable().catch(null),
  })
  .transform(({ state, type, ...user }): BulkUser => ({
    ...user,
    state: userState(state),
    kind: kindOf(type, user.username),
  }));

/** What stands in a list for an invitation by e-mail that nobody has accepted. */
export const INVITED = 'INVITED';

const row = z
  .object({
    accessLevel: z.object({ integerValue: z.int() }),
    expiresAt: dateOnly.nullable(),
    createdAt: z.string().nullable(),
    user: z.object({ id: gidNumber }).nullable(),
  })
  .transform(({ accessLevel, expiresAt, createdAt, user }): BulkMember | typeof INVITED =>
    user === null ? INVITED : { userId: user.id, accessLevel: accessLevel.integerValue, expiresAt, createdAt },
  );

const rows = pageOf(row).nullable();

export const groupsAnswer = z.object({ groups: pageOf(bulkGroup).nullable() }).transform(({ groups }) => groups);
export const groupsByIdAnswer = z
  .object({ groups: z.object({ nodes: nodesOf(bulkGroup) }).nullable() })
  .transform(({ groups }) => groups?.nodes ?? []);
export const descendantsAnswer = z
  .object({ group: z.object({ descendantGroups: pageOf(bulkGroup).nullable() }).nullable() })
  .transform(({ group }) => group?.descendantGroups ?? null);
export const projectsAnswer = z
  .object({ projects: pageOf(bulkProject).nullable() })
  .transform(({ projects }) => projects);
export const projectsByIdAnswer = z
  .object({ projects: z.object({ nodes: nodesOf(bulkProject) }).nullable() })
  .transform(({ projects }) => projects?.nodes ?? []);
export const usersAnswer = z.object({ users: pageOf(bulkUser).nullable() }).transform(({ users }) => users);
export const usersByIdAnswer = z
  .object({ users: z.object({ nodes: nodesOf(bulkUser) }).nullable() })
  .transform(({ users }) => users?.nodes ?? []);
export const userAnswer = z.object({ user: bulkUser.nullable() }).transform(({ user }) => user);

const groupRows = z
  .object({ id: gidNumber, groupMembers: rows })
  .transform((group) => ({ id: group.id, page: group.groupMembers }));
const projectRows = z
  .object({ id: gidNumber, projectMembers: rows })
  .transform((project) => ({ id: project.id, page: project.projectMembers }));

/** A source with its rows; no page where GitLab refuses to list them. */
export type RowsOf = z.output<typeof groupRows>;

export const groupRowsAnswer = z
  .object({ groups: z.object({ nodes: nodesOf(groupRows) }).nullable() })
  .transform(({ groups }) => groups?.nodes ?? []);
export const groupRowsByPathAnswer = z
  .object({ group: groupRows.nullable() })
  .transform(({ group }): (RowsOf | null)[] => (group === null ? [] : [group]));
export const projectRowsAnswer = z
  .object({ projects: z.object({ nodes: nodesOf(projectRows) }).nullable() })
  .transform(({ projects }) => projects?.nodes ?? []);

const ids = pageOf(z.object({ id: gidNumber })).nullable();
export const invitationsAnswer = z
  .object({
    groups: z
      .object({ nodes: nodesOf(z.object({ id: gidNumber, sharedGroups: ids, sharedProjects: ids })) })
      .nullable(),
  })
  .transform(({ groups }) => groups?.nodes ?? []);

const levels = z
  .object({ nodes: nodesOf(z.object({ baseAccessLevel: z.object({ integerValue: z.int() }) })) })
  .transform((found) => found.nodes.flatMap((role) => role?.baseAccessLevel.integerValue ?? []));
/** Null where GitLab does not answer at all, which is not to say that there are none. */
export const rolesAnswer = z.object({ memberRoles: levels.nullable() }).transform(({ memberRoles }) => memberRoles);
export const rolesOfGroupAnswer = z
  .object({ group: z.object({ memberRoles: levels.nullable() }).nullable() })
  .transform(({ group }) => group?.memberRoles ?? null);
