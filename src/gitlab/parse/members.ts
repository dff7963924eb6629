import { z } from 'zod';
import type { DirectRow, GroupRecord, MemberRecord, UserRecord } from '../records.ts';
import { gidNumber } from './gid.ts';
import { graphqlUser, userState } from './people.ts';
import { numericId } from './rest.ts';
import { graphqlGroup, graphqlProject } from './sources.ts';

/** The date of a membership's end; a time of day, which has no effect, is cut off (docs/gitlab.md §expiry). */
export const dateOnly = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform((value) => value.slice(0, 10));

const row = {
  id: gidNumber,
  accessLevel: z.object({ integerValue: z.int() }),
  expiresAt: dateOnly.nullable(),
  createdAt: z.string().nullable(),
  createdBy: graphqlUser.nullable(),
};

type ParsedRow = {
  id: string;
  accessLevel: { integerValue: number };
  expiresAt: string | null;
  createdAt: string | null;
  createdBy: UserRecord | null;
};

function record(parsed: ParsedRow, user: UserRecord, source: MemberRecord['source']): MemberRecord {
  return {
    rowId: parsed.id,
    user,
    accessLevel: parsed.accessLevel.integerValue,
    expiresAt: parsed.expiresAt,
    createdAt: parsed.createdAt,
    createdBy: parsed.createdBy,
    source,
  };
}

const group = graphqlGroup.nullable();
const project = graphqlProject.nullable();
const user = graphqlUser.nullable();

/** A row of a group's list, or null for an invitation by e-mail that nobody has accepted. */
export const groupMemberRow = z
  .object({ ...row, group, user })
  .transform((parsed) => (parsed.user === null ? null : record(parsed, parsed.user, parsed.group)));

/** A row of a group's own, which is known from the node that holds them; null as above. */
export const directMemberRow = z
  .object({ ...row, user })
  .transform(({ user: owner, ...parsed }) =>
    owner === null ? null : (own: GroupRecord): MemberRecord => record(parsed, owner, own),
  );

const projectOwnRow = z
  .object({ ...row, project, user })
  .transform((parsed) => (parsed.user === null ? null : record(parsed, parsed.user, parsed.project)));

/** A row of a project's list: one of the project's own, or of a group from which access comes. */
export const projectMemberRow = z.union([groupMemberRow, projectOwnRow]);

/** Rows below a user, who is known from the node that holds them. */
export const groupMembershipRow = z
  .object({ ...row, group })
  .transform((parsed) => (owner: UserRecord) => record(parsed, owner, parsed.group));
export const projectMembershipRow = z
  .object({ ...row, project })
  .transform((parsed) => (owner: UserRecord) => record(parsed, owner, parsed.project));

const memberRole = z.object({ id: numericId, name: z.string().nullish(), base_access_level: z.int() });

/** REST's member object; its `id` is the user's (docs/gitlab.md §members). */
export const directRow = z
  .object({
    id: numericId,
    username: z.string(),
    state: z.string(),
    access_level: z.int(),
    created_at: z.string().nullish(),
    created_by: z.object({ id: numericId }).nullish(),
    expires_at: dateOnly.nullish(),
    membership_state: z.string().optional(),
    member_role: memberRole.nullish(),
    override: z.boolean().optional(),
    group_saml_identity: z.unknown().optional(),
  })
  .transform((member): DirectRow => ({
    userId: member.id,
    username: member.username,
    accessLevel: member.access_level,
    memberRoleId: member.member_role?.id ?? null,
    expiresAt: member.expires_at ?? null,
    createdAt: member.created_at ?? null,
    createdById: member.created_by?.id ?? null,
    state: (member.membership_state ?? 'active') === 'active' ? 'active' : 'awaiting',
    userState: userState(member.state),
    memberRole: member.member_role
      ? {
          id: member.member_role.id,
          name: member.member_role.name ?? '',
          baseAccessLevel: member.member_role.base_access_level,
        }
      : null,
    ldap: member.override !== undefined,
    samlRoot: 'group_saml_identity' in member,
  }));
