import { holdForLink, holdForRow } from './authorizations.ts';
import { removeDeployOf } from './deploy.ts';
import { tell } from './events.ts';
import { removeToken, tokensOf } from './tokens.ts';
import { childrenOf, invitationsOf, linksInto, linksOf, projectsIn, rowsOfUser } from './tree.ts';
import type { Group, Member, Project, ShareLink, SourceKind, User } from './types.ts';
import { pullFrom, sourceKey, type World } from './world.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
/** What may change in a member row after it was made. */
export type MemberChange = Partial<Writable<Omit<Member, 'id' | 'sourceKind' | 'sourceId' | 'userId'>>>;

/** Changes a row; project authorizations follow after the delay; hooks hear of levels and dates only. `createdAt` and friends may be given by tests. */
export function changeMember(world: World, member: Member, change: MemberChange): void {
  if (decidesAccess(member, change)) holdForRow(world, member.sourceKind, member.sourceId, member.userId);
  const before = { ...member };
  Object.assign(member, { updatedAt: world.clock.now() }, change);
  if (member.requestedAt !== null) return;
  if (before.requestedAt !== null) tell(world, { kind: 'member', action: 'add', row: member });
  else if (before.accessLevel !== member.accessLevel || before.expiresAt !== member.expiresAt) {
    tell(world, { kind: 'member', action: 'update', row: member });
  }
}

/** Whether a change touches what authorizations are made of; a date or an author does not. */
function decidesAccess(member: Member, change: MemberChange): boolean {
  const keys = ['accessLevel', 'state', 'requestedAt'] as const;
  return keys.some((key) => key in change && change[key] !== member[key]);
}

/** Removes one row. In a root group with a SAML provider the person's identity link goes with it. */
export function removeMember(world: World, member: Member): void {
  holdForRow(world, member.sourceKind, member.sourceId, member.userId);
  world.members.delete(member.id);
  const key = sourceKey(member.sourceKind, member.sourceId);
  world.index.membersBySource.get(key)?.delete(member.id);
  world.index.membersByUser.get(member.userId)?.delete(member.id);
  tell(world, { kind: 'member', action: member.requestedAt === null ? 'remove' : 'withdraw', row: member });
  if (member.requestedAt !== null || member.sourceKind !== 'Group') return;
  const group = world.groups.get(member.sourceId);
  if (group?.parentId === null && group.saml) world.users.get(member.userId)?.samlIdentities.delete(group.id);
}

/** Closes a share. */
export function removeLink(world: World, link: ShareLink): void {
  holdForLink(world, link);
  world.links.delete(link.id);
  pullFrom(world.index.linksByShared, sourceKey(link.sharedKind, link.sharedId), link);
  pullFrom(world.index.linksByInvited, link.invitedGroupId, link);
}

/** Deletes a user with rows, requests and tokens; what names the user as author shows nobody from then on. */
export function removeUser(world: World, user: User): void {
  for (const member of [...rowsOfUser(world, user.id)]) removeMember(world, member);
  for (const token of [...tokensOf(world, user.id)]) removeToken(world, token);
  for (const project of [...world.projects.values()]) if (project.ownerId === user.id) removeProject(world, project);
  tell(world, { kind: 'user', action: 'destroy', user, oldUsername: user.username });
  world.users.delete(user.id);
  world.index.userByName.delete(user.username.toLowerCase());
  world.index.userByEmail.delete(user.email.toLowerCase());
}

function removeSource(world: World, kind: SourceKind, id: number): void {
  const rows = world.index.membersBySource.get(sourceKey(kind, id));
  for (const member of [...(rows?.values() ?? [])]) removeMember(world, member);
  for (const invitation of invitationsOf(world, kind, id)) world.invitations.delete(invitation.id);
  for (const link of [...linksInto(world, kind, id)]) removeLink(world, link);
  removeDeployOf(world, kind, id);
}

/** Deletes a project and its rows and links. */
export function removeProject(world: World, project: Project): void {
  removeSource(world, 'Project', project.id);
  tell(world, { kind: 'project', action: 'destroy', project, old: project });
  world.projects.delete(project.id);
  world.index.projectByPath.delete(project.fullPath.toLowerCase());
  for (const old of project.oldPaths) world.index.projectByOldPath.delete(old.toLowerCase());
  if (project.groupId !== null) pullFrom(world.index.projectsOfGroup, project.groupId, project);
  world.index.staleAuthorizations.delete(project.id);
  world.index.newProjects.delete(project.id);
}

/** Deletes a group with everything below it. */
export function removeGroup(world: World, group: Group): void {
  for (const child of [...childrenOf(world, group.id)]) removeGroup(world, child);
  for (const project of [...projectsIn(world, group.id)]) removeProject(world, project);
  removeSource(world, 'Group', group.id);
  for (const link of [...linksOf(world, group.id)]) removeLink(world, link);
  tell(world, { kind: 'group', action: 'destroy', group, old: group });
  world.groups.delete(group.id);
  world.index.groupByPath.delete(group.fullPath.toLowerCase());
  if (group.parentId !== null) pullFrom(world.index.childGroups, group.parentId, group);
}

/** Renames a user; letter case is kept, look-up ignores it. */
export function renameUser(world: World, user: User, username: string): void {
  const oldUsername = user.username;
  world.index.userByName.delete(oldUsername.toLowerCase());
  user.username = username;
  world.index.userByName.set(username.toLowerCase(), user);
  tell(world, { kind: 'user', action: 'rename', user, oldUsername });
}

/** Gives a group a new last path segment; the old path answers 404 from then on, for the whole tree. */
export function renameGroup(world: World, group: Group, path: string): void {
  const old = { path: group.path, fullPath: group.fullPath };
  group.path = path;
  group.oldPaths.push(group.fullPath);
  movePaths(world, group);
  tell(world, { kind: 'group', action: 'rename', group, old });
}

/** Works out the full path of a group and of everything below it anew. */
export function movePaths(world: World, group: Group): void {
  const parent = group.parentId === null ? undefined : world.groups.get(group.parentId);
  world.index.groupByPath.delete(group.fullPath.toLowerCase());
  group.fullPath = parent ? `${parent.fullPath}/${group.path}` : group.path;
  world.index.groupByPath.set(group.fullPath.toLowerCase(), group);
  for (const child of childrenOf(world, group.id)) movePaths(world, child);
  for (const project of projectsIn(world, group.id)) moveProjectPath(world, project);
}

/** Gives a project a new last path segment; the old path redirects. */
export function renameProject(world: World, project: Project, path: string): void {
  const old = { path: project.path, fullPath: project.fullPath };
  project.path = path;
  moveProjectPath(world, project);
  tell(world, { kind: 'project', action: 'rename', project, old });
}

/** Works out a project's full path anew; the old one redirects. */
export function moveProjectPath(world: World, project: Project): void {
  const { projectByPath, projectByOldPath } = world.index;
  const home = project.groupId === null ? world.users.get(project.ownerId ?? 0)?.username : undefined;
  const parentPath = home ?? world.groups.get(project.groupId ?? 0)?.fullPath ?? '';
  projectByPath.delete(project.fullPath.toLowerCase());
  project.oldPaths.push(project.fullPath);
  projectByOldPath.set(project.fullPath.toLowerCase(), project);
  project.fullPath = `${parentPath}/${project.path}`;
  projectByPath.set(project.fullPath.toLowerCase(), project);
}
