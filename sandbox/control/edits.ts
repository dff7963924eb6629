import { z } from 'zod';

const id = z.number().int();
const date = z.iso.date().nullable();
const kind = z.enum(['Group', 'Project']);
const visibility = z.enum(['private', 'internal', 'public']);

const groupSet = z
  .strictObject({
    name: z.string(),
    visibility,
    archived: z.boolean(),
    markedForDeletionOn: date,
    requestAccessEnabled: z.boolean(),
    shareWithGroupLock: z.boolean(),
    preventSharingOutsideHierarchy: z.boolean(),
    membershipLock: z.boolean(),
    disableInvites: z.boolean(),
    ldapLinks: z.array(z.strictObject({ cn: z.string(), groupAccess: id, provider: z.string() })),
    samlLinks: z.array(z.strictObject({ name: z.string(), accessLevel: id })),
    saml: z.strictObject({ enabled: z.boolean(), enforced: z.boolean() }).nullable(),
    allowedEmailDomains: z.array(z.string()),
    seatControl: z.enum(['off', 'block_overages', 'user_cap']),
    seats: id.nullable(),
    memberLimit: id.nullable(),
    serviceTokensExpiryEnforced: z.boolean(),
  })
  .partial();
const projectSet = z
  .strictObject({
    name: z.string(),
    visibility,
    archived: z.boolean(),
    markedForDeletionOn: date,
    requestAccessEnabled: z.boolean(),
  })
  .partial();
const userSet = z
  .strictObject({
    name: z.string(),
    publicEmail: z.string().nullable(),
    state: z.enum(['active', 'blocked', 'deactivated', 'banned', 'ldap_blocked', 'blocked_pending_approval']),
    userType: z.enum(['human', 'service_account', 'project_bot', 'security_policy_bot', 'ghost', 'placeholder']),
    admin: z.boolean(),
    auditor: z.boolean(),
    external: z.boolean(),
    confirmed: z.boolean(),
    privateProfile: z.boolean(),
    lastActivityOn: date,
    provisionedByGroupId: id.nullable(),
  })
  .partial();
const memberSet = z
  .strictObject({
    accessLevel: id,
    expiresAt: date,
    createdById: id.nullable(),
    memberRoleId: id.nullable(),
    ldap: z.boolean(),
    override: z.boolean(),
    state: z.enum(['active', 'awaiting']),
    updatedAt: z.number(),
  })
  .partial();
const row = { sourceKind: kind, sourceId: id, userId: id };

/** Edits that GitLab's API cannot make, or not without asking anybody: changes "by hand". */
export const stateEdit = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('setGroup'), id, set: groupSet }),
  z.strictObject({ action: z.literal('setProject'), id, set: projectSet }),
  z.strictObject({ action: z.literal('setUser'), id, set: userSet }),
  z.strictObject({ action: z.literal('linkSaml'), userId: id, groupId: id, externUid: z.string().nullable() }),
  z.strictObject({ action: z.literal('addMember'), ...row, set: memberSet.required({ accessLevel: true }) }),
  z.strictObject({ action: z.literal('setMember'), ...row, set: memberSet }),
  z.strictObject({ action: z.literal('removeMember'), ...row }),
  z.strictObject({ action: z.literal('doubleMember'), ...row, set: memberSet.default({}) }),
  z.strictObject({ action: z.literal('decidePromotions'), userId: id, approve: z.boolean() }),
  z.strictObject({ action: z.literal('renameGroup'), id, path: z.string() }),
  z.strictObject({ action: z.literal('renameProject'), id, path: z.string() }),
  z.strictObject({ action: z.literal('renameUser'), id, username: z.string() }),
  z.strictObject({ action: z.literal('remove'), what: z.enum(['user', 'group', 'project']), id }),
  z.strictObject({
    action: z.literal('addToken'),
    userId: id,
    scopes: z.array(z.string()),
    expiresAt: date.default(null),
    name: z.string().default('made by hand'),
  }),
  z.strictObject({
    action: z.literal('setToken'),
    id,
    set: z.strictObject({ revoked: z.boolean(), expiresAt: date, scopes: z.array(z.string()) }).partial(),
  }),
  z.strictObject({ action: z.literal('revokeDeployToken'), id }),
  z.strictObject({
    action: z.literal('addMemberRole'),
    name: z.string(),
    groupId: id.nullable(),
    baseAccessLevel: id,
    permissions: z.array(z.string()).default([]),
  }),
  z.strictObject({ action: z.literal('settleAuthorizations') }),
  z.strictObject({ action: z.literal('purgeExpired') }),
]);
export type StateEdit = z.input<typeof stateEdit>;
