import { z } from 'zod';

import {
  addMember,
  addMemberRole,
  addToken,
  changeMember,
  directRow,
  purgeExpired,
  removeGroup,
  removeMember,
  removeProject,
  removeUser,
  renameGroup,
  renameProject,
  renameUser,
  settleAuthorizations,
  type Group,
  type Member,
  type Project,
  type User,
  type World,
} from '../model/index.ts';
import { memberRow } from './members.ts';

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

/** Thrown when an edit names something that is not there. */
export class NoSuchThing extends Error {}

function find<T>(table: Map<number, T>, key: number, what: string): T {
  const found = table.get(key);
  if (!found) throw new NoSuchThing(`there is no ${what} ${String(key)}`);
  return found;
}

function put<T extends Group | Project | User>(world: World, record: T, set: object): { id: number } {
  Object.assign(record, set, { updatedAt: world.clock.now() });
  return { id: record.id };
}

function findRow(world: World, key: Pick<Member, 'sourceKind' | 'sourceId' | 'userId'>): Member {
  const found = directRow(world, key.sourceKind, key.sourceId, key.userId);
  if (!found) throw new NoSuchThing(`user ${String(key.userId)} has no direct row there`);
  return found;
}

/** Carries out one edit and tells what came of it. */
export function applyEdit(world: World, input: StateEdit): Record<string, unknown> {
  const edit = stateEdit.parse(input);
  switch (edit.action) {
    case 'setGroup':
      return put(world, find(world.groups, edit.id, 'group'), edit.set);
    case 'setProject':
      return put(world, find(world.projects, edit.id, 'project'), edit.set);
    case 'setUser':
      return put(world, find(world.users, edit.id, 'user'), edit.set);
    case 'linkSaml':
      return linkSaml(find(world.users, edit.userId, 'user'), edit.groupId, edit.externUid);
    case 'addMember': {
      const { sourceKind, sourceId, userId, set } = edit;
      if (sourceKind === 'Group') find(world.groups, sourceId, sourceKind);
      else find(world.projects, sourceId, sourceKind);
      find(world.users, userId, 'user');
      return memberRow(addMember(world, { sourceKind, sourceId, userId, ...given(set), accessLevel: set.accessLevel }));
    }
    case 'setMember': {
      const member = findRow(world, edit);
      changeMember(world, member, given(edit.set));
      return memberRow(member);
    }
    case 'removeMember':
      removeMember(world, findRow(world, edit));
      return {};
    case 'renameGroup':
      renameGroup(world, find(world.groups, edit.id, 'group'), edit.path);
      return { id: edit.id };
    case 'renameProject':
      renameProject(world, find(world.projects, edit.id, 'project'), edit.path);
      return { id: edit.id };
    case 'renameUser':
      renameUser(world, find(world.users, edit.id, 'user'), edit.username);
      return { id: edit.id };
    case 'remove':
      return remove(world, edit.what, edit.id);
    case 'addToken': {
      const { userId, scopes, expiresAt, name } = edit;
      const token = addToken(world, { userId: find(world.users, userId, 'user').id, scopes, expiresAt, name });
      return { id: token.id, token: token.value };
    }
    case 'setToken':
      Object.assign(find(world.tokens, edit.id, 'token'), edit.set);
      return { id: edit.id };
    case 'addMemberRole': {
      const { name, groupId, baseAccessLevel, permissions } = edit;
      return { id: addMemberRole(world, { name, groupId, baseAccessLevel, permissions, description: '' }).id };
    }
    case 'settleAuthorizations':
      settleAuthorizations(world);
      return {};
    case 'purgeExpired':
      purgeExpired(world);
      return {};
  }
}

/** The keys that were given a value: zod's optional keys may hold undefined. */
function given<T extends object>(set: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function linkSaml(user: User, groupId: number, externUid: string | null): { id: number } {
  if (externUid === null) user.samlIdentities.delete(groupId);
  else user.samlIdentities.set(groupId, externUid);
  return { id: user.id };
}

function remove(world: World, what: 'user' | 'group' | 'project', key: number): Record<string, unknown> {
  if (what === 'user') removeUser(world, find(world.users, key, what));
  else if (what === 'group') removeGroup(world, find(world.groups, key, what));
  else removeProject(world, find(world.projects, key, what));
  return {};
}
