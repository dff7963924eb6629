import { holdForLink, holdForRow, holdNewProject } from './authorizations.ts';
import { tell } from './events.ts';
import type { Group, Invitation, Member, MemberRole, Project, ShareLink, User } from './types.ts';
import { pushTo, putInto, sourceKey, takeId, type World } from './world.ts';

/** What a new record needs; all else has GitLab's default and may be given too. */
export type NewUser = Partial<Omit<User, 'id' | 'namespaceId'>> & Pick<User, 'username'>;
export type NewGroup = Partial<Omit<Group, 'id' | 'fullPath'>> & Pick<Group, 'path'>;
export type NewProject = Partial<Omit<Project, 'id' | 'fullPath'>> & Pick<Project, 'path'>;
export type NewMember = Partial<Omit<Member, 'id'>> &
  Pick<Member, 'sourceKind' | 'sourceId' | 'userId' | 'accessLevel'>;
export type NewLink = Partial<Omit<ShareLink, 'id'>> &
  Pick<ShareLink, 'sharedKind' | 'sharedId' | 'invitedGroupId' | 'accessLevel'>;
export type NewInvitation = Partial<Omit<Invitation, 'id'>> &
  Pick<Invitation, 'sourceKind' | 'sourceId' | 'email' | 'accessLevel'>;

/** Adds a person or robot. Names and e-mails must be free: the caller checks. */
export function addUser(world: World, input: NewUser): User {
  const nowMs = world.clock.now();
  const user: User = {
    name: input.username,
    email: `${input.username}@example.com`,
    publicEmail: null,
    state: 'active',
    userType: 'human',
    admin: false,
    auditor: false,
    external: false,
    privateProfile: false,
    confirmed: true,
    canCreateGroup: true,
    note: '',
    createdAt: nowMs,
    updatedAt: nowMs,
    lastActivityOn: null,
    createdById: null,
    provisionedByGroupId: null,
    provisionedByProjectId: null,
    samlIdentities: new Map(),
    ...input,
    id: takeId(world, 'user'),
    namespaceId: takeId(world, 'namespace'),
  };
  world.users.set(user.id, user);
  world.index.userByName.set(user.username.toLowerCase(), user);
  world.index.userByEmail.set(user.email.toLowerCase(), user);
  tell(world, { kind: 'user', action: 'create', user, oldUsername: user.username });
  return user;
}

/** Adds a group below `parentId` or at the top. Nobody is made Owner: add the row too. */
export function addGroup(world: World, input: NewGroup): Group {
  const nowMs = world.clock.now();
  const parent = input.parentId == null ? undefined : world.groups.get(input.parentId);
  const group: Group = {
    name: input.path,
    description: '',
    parentId: null,
    visibility: 'private',
    archived: false,
    markedForDeletionOn: null,
    requestAccessEnabled: true,
    shareWithGroupLock: false,
    preventSharingOutsideHierarchy: false,
    membershipLock: false,
    disableInvites: false,
    ldapLinks: [],
    samlLinks: [],
    saml: null,
    allowedEmailDomains: [],
    seatControl: 'off',
    seats: null,
    memberLimit: null,
    subgroupCreationLevel: 'maintainer',
    projectCreationLevel: 'developer',
    serviceTokensExpiryEnforced: true,
    oldPaths: [],
    createdAt: nowMs,
    updatedAt: nowMs,
    ...input,
    id: takeId(world, 'namespace'),
    fullPath: parent ? `${parent.fullPath}/${input.path}` : input.path,
  };
  world.groups.set(group.id, group);
  world.index.groupByPath.set(group.fullPath.toLowerCase(), group);
  if (group.parentId !== null) pushTo(world.index.childGroups, group.parentId, group);
  tell(world, { kind: 'group', action: 'create', group, old: group });
  return group;
}

/** Adds a project to a group (`groupId`) or to a person's own namespace (`ownerId`). */
export function addProject(world: World, input: NewProject): Project {
  const nowMs = world.clock.now();
  const group = input.groupId == null ? undefined : world.groups.get(input.groupId);
  const owner = input.ownerId == null ? undefined : world.users.get(input.ownerId);
  const parentPath = group?.fullPath ?? owner?.username;
  if (parentPath === undefined) throw new Error('a project needs a group or an owner that exists');
  const project: Project = {
    name: input.path,
    description: '',
    groupId: null,
    ownerId: null,
    creatorId: input.ownerId ?? null,
    visibility: 'private',
    archived: false,
    markedForDeletionOn: null,
    requestAccessEnabled: true,
    oldPaths: [],
    createdAt: nowMs,
    updatedAt: nowMs,
    lastActivityAt: nowMs,
    ...input,
    id: takeId(world, 'project'),
    fullPath: `${parentPath}/${input.path}`,
  };
  world.projects.set(project.id, project);
  world.index.projectByPath.set(project.fullPath.toLowerCase(), project);
  if (project.groupId !== null) pushTo(world.index.projectsOfGroup, project.groupId, project);
  holdNewProject(world, project);
  tell(world, { kind: 'project', action: 'create', project, old: project });
  return project;
}

/** Adds a member row or, with `requestedAt`, an access request. Nothing stops a second row for the same user. */
export function addMember(world: World, input: NewMember): Member {
  const nowMs = world.clock.now();
  holdForRow(world, input.sourceKind, input.sourceId, input.userId);
  const member: Member = {
    expiresAt: null,
    createdAt: nowMs,
    updatedAt: nowMs,
    createdById: null,
    memberRoleId: null,
    ldap: false,
    override: false,
    state: 'active',
    requestedAt: null,
    ...input,
    id: takeId(world, 'member'),
  };
  world.members.set(member.id, member);
  putInto(world.index.membersBySource, sourceKey(member.sourceKind, member.sourceId), member.id, member);
  putInto(world.index.membersByUser, member.userId, member.id, member);
  tell(world, { kind: 'member', action: member.requestedAt === null ? 'add' : 'request', row: member });
  return member;
}

/** Opens a group or project to the members of another group. */
export function addLink(world: World, input: NewLink): ShareLink {
  holdForLink(world, input);
  const link: ShareLink = {
    expiresAt: null,
    memberRoleId: null,
    createdAt: world.clock.now(),
    ...input,
    id: takeId(world, 'link'),
  };
  world.links.set(link.id, link);
  pushTo(world.index.linksByShared, sourceKey(link.sharedKind, link.sharedId), link);
  pushTo(world.index.linksByInvited, link.invitedGroupId, link);
  return link;
}

/** Adds an open invitation by e-mail; it takes a number of the member rows. */
export function addInvitation(world: World, input: NewInvitation): Invitation {
  const invitation: Invitation = {
    expiresAt: null,
    createdAt: world.clock.now(),
    createdById: null,
    ...input,
    id: takeId(world, 'member'),
  };
  world.invitations.set(invitation.id, invitation);
  return invitation;
}

/** Adds a custom role. */
export function addMemberRole(world: World, input: Omit<MemberRole, 'id'>): MemberRole {
  const role: MemberRole = { ...input, id: takeId(world, 'role') };
  world.memberRoles.set(role.id, role);
  return role;
}
