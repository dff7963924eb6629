import {
  hasPlan,
  isoIn,
  LEVEL_NAMES,
  midnightIn,
  type Group,
  type Member,
  type MemberAction,
  type Project,
  type User,
  type World,
  type WorldEvent,
} from '../model/index.ts';

export type Payload = Readonly<Record<string, unknown>> & { readonly event_name: string };

const GROUP_EVENTS: Record<MemberAction, string> = {
  add: 'user_add_to_group',
  update: 'user_update_for_group',
  remove: 'user_remove_from_group',
  request: 'user_access_request_to_group',
  withdraw: 'user_access_request_revoked_for_group',
};
const PROJECT_EVENTS: Record<MemberAction, string> = {
  add: 'user_add_to_team',
  update: 'user_update_for_team',
  remove: 'user_remove_from_team',
  request: 'user_access_request_to_project',
  withdraw: 'user_access_request_revoked_for_project',
};

/** The body a hook gets of an event (docs/gitlab.md §hooks); null where the user or source is not there any more. */
export function payloadOf(world: World, event: WorldEvent): Payload | null {
  switch (event.kind) {
    case 'member':
      return memberPayload(world, event.action, event.row);
    case 'group':
      return groupPayload(world, event);
    case 'project':
      return projectPayload(world, event);
    case 'user':
      return userPayload(world, event);
  }
}

function times(world: World, record: { createdAt: number; updatedAt: number }): Record<string, unknown> {
  const { timeZone } = world.settings;
  return { created_at: isoIn(record.createdAt, timeZone), updated_at: isoIn(record.updatedAt, timeZone) };
}

function memberPayload(world: World, action: MemberAction, row: Member): Payload | null {
  const user = world.users.get(row.userId);
  if (!user) return null;
  if (row.sourceKind === 'Group') {
    const group = world.groups.get(row.sourceId);
    return group ? groupMember(world, row, user, group, GROUP_EVENTS[action]) : null;
  }
  const project = world.projects.get(row.sourceId);
  return project ? projectMember(world, row, user, project, PROJECT_EVENTS[action]) : null;
}

/** The custom role's name, or the level's. */
function roleName(world: World, row: Member): string {
  const role = row.memberRoleId === null ? undefined : world.memberRoles.get(row.memberRoleId);
  if (role && hasPlan(world.settings, 'ultimate')) return role.name;
  return LEVEL_NAMES[row.accessLevel] ?? String(row.accessLevel);
}

function person(user: User): Record<string, unknown> {
  return {
    user_username: user.username,
    user_name: user.name,
    user_email: user.publicEmail ?? '[REDACTED]',
    user_id: user.id,
  };
}

function groupMember(world: World, row: Member, user: User, group: Group, name: string): Payload {
  const { timeZone, edition } = world.settings;
  return {
    ...times(world, row),
    group_name: group.name,
    group_path: group.path,
    group_id: group.id,
    ...person(user),
    group_access: roleName(world, row),
    expires_at: row.expiresAt === null ? null : midnightIn(row.expiresAt, timeZone),
    ...(edition === 'ee' ? { group_plan: null } : {}),
    event_name: name,
  };
}

function projectMember(world: World, row: Member, user: User, project: Project, name: string): Payload {
  return {
    ...times(world, row),
    project_name: project.name,
    project_path: project.path,
    project_path_with_namespace: project.fullPath,
    project_id: project.id,
    ...person(user),
    access_level: roleName(world, row),
    project_visibility: project.visibility,
    event_name: name,
  };
}

function groupPayload(world: World, { group, action, old }: WorldEvent & { kind: 'group' }): Payload {
  const moved = { full_path: group.fullPath, old_path: old.path, old_full_path: old.fullPath };
  return {
    ...times(world, group),
    name: group.name,
    path: group.path,
    group_id: group.id,
    ...(action === 'rename' ? moved : {}),
    event_name: `group_${action}`,
  };
}

function projectPayload(world: World, { project, action, old }: WorldEvent & { kind: 'project' }): Payload {
  const owner = project.ownerId === null ? undefined : world.users.get(project.ownerId);
  const group = project.groupId === null ? undefined : world.groups.get(project.groupId);
  return {
    ...times(world, project),
    name: project.name,
    path: project.path,
    path_with_namespace: project.fullPath,
    project_id: project.id,
    owner_name: owner?.name ?? group?.name ?? null,
    owner_email: owner ? (owner.publicEmail ?? '[REDACTED]') : '',
    project_visibility: project.visibility,
    ...(action === 'rename' || action === 'transfer' ? { old_path_with_namespace: old.fullPath } : {}),
    event_name: `project_${action}`,
  };
}

function userPayload(world: World, { user, action, oldUsername }: WorldEvent & { kind: 'user' }): Payload {
  return {
    ...times(world, user),
    event_name: `user_${action}`,
    name: user.name,
    email: user.email,
    user_id: user.id,
    username: user.username,
    ...(action === 'rename' ? { old_username: oldUsername } : {}),
  };
}
