import {
  addMember,
  addMemberRole,
  addToken,
  changeMember,
  decidePromotions,
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
import { stateEdit, type StateEdit } from './edits.ts';
import { memberRow } from './members.ts';

/** Thrown when an edit names something that is not there. */
export class NoSuchThing extends Error {}

function find<T>(table: Map<number, T>, key: number, what: string): T {
  const found = table.get(key);
  if (!found) throw new NoSuchThing(`there is no ${what} ${String(key)}`);
  return found;
}

function put(world: World, record: Group | Project | User, set: object): { id: number } {
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
    case 'doubleMember': {
      // Adding gives the copy a number of its own.
      return memberRow(addMember(world, { ...findRow(world, edit), ...given(edit.set) }));
    }
    case 'decidePromotions':
      find(world.users, edit.userId, 'user');
      return { rows: decidePromotions(world, edit.userId, edit.approve).map(memberRow) };
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
    case 'revokeDeployToken':
      find(world.deployTokens, edit.id, 'deploy token').revoked = true;
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
