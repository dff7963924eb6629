import { directRow, fullName, rowLevelOnGroup, type Project, type Viewer } from '../../model/index.ts';
import { sharedWith } from './groups.ts';
import { isoTime, type Look } from './users.ts';

function namespaceOf(look: Look, project: Project): Record<string, unknown> {
  const { world, baseUrl } = look;
  const group = project.groupId === null ? undefined : world.groups.get(project.groupId);
  if (group) {
    return {
      id: group.id,
      name: group.name,
      path: group.path,
      kind: 'group',
      full_path: group.fullPath,
      parent_id: group.parentId,
      avatar_url: null,
      web_url: `${baseUrl}/groups/${group.fullPath}`,
    };
  }
  const owner = world.users.get(project.ownerId ?? 0);
  return {
    id: owner?.namespaceId ?? null,
    name: owner?.name ?? '',
    path: owner?.username ?? '',
    kind: 'user',
    full_path: owner?.username ?? '',
    parent_id: null,
    avatar_url: null,
    web_url: `${baseUrl}/${owner?.username ?? ''}`,
  };
}

function nameWithNamespace(look: Look, project: Project): string {
  const group = project.groupId === null ? undefined : look.world.groups.get(project.groupId);
  const home = group ? fullName(look.world, group) : (look.world.users.get(project.ownerId ?? 0)?.name ?? '');
  return `${home} / ${project.name}`;
}

/** ProjectIdentity: the few fields other entities embed. */
function projectIdentity(look: Look, project: Project): Record<string, unknown> {
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: nameWithNamespace(look, project),
    path: project.path,
    path_with_namespace: project.fullPath,
    created_at: isoTime(project.createdAt),
  };
}

/** BasicProjectDetails: what `simple=true` gives. */
export function projectSimple(look: Look, project: Project): Record<string, unknown> {
  const webUrl = `${look.baseUrl}/${project.fullPath}`;
  return {
    ...projectIdentity(look, project),
    default_branch: null,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(look.baseUrl).hostname}:${project.fullPath}.git`,
    http_url_to_repo: `${webUrl}.git`,
    web_url: webUrl,
    readme_url: null,
    forks_count: 0,
    avatar_url: null,
    star_count: 0,
    last_activity_at: isoTime(project.lastActivityAt),
    visibility: project.visibility,
    namespace: namespaceOf(look, project),
  };
}

/** Project: an item of full lists. */
export function projectEntity(look: Look, project: Project): Record<string, unknown> {
  return {
    ...projectSimple(look, project),
    empty_repo: true,
    archived: project.archived,
    creator_id: project.creatorId,
    request_access_enabled: project.requestAccessEnabled,
    marked_for_deletion_on: project.markedForDeletionOn,
    marked_for_deletion_at: project.markedForDeletionOn,
    updated_at: isoTime(project.updatedAt),
    shared_with_groups: sharedWith(look, 'Project', project.id),
  };
}

/** One project, with the caller's own roles on it. */
export function projectDetail(look: Look, project: Project): Record<string, unknown> {
  return { ...projectEntity(look, project), permissions: permissions(look, look.viewer, project) };
}

function permissions(look: Look, viewer: Viewer, project: Project): Record<string, unknown> {
  const user = viewer.user;
  if (!user) return { project_access: null, group_access: null };
  const own = directRow(look.world, 'Project', project.id, user.id);
  const inGroup = project.groupId === null ? 0 : rowLevelOnGroup(look.world, user.id, project.groupId);
  return {
    project_access: own ? { access_level: own.accessLevel, notification_level: 3 } : null,
    group_access: inGroup > 0 ? { access_level: inGroup, notification_level: 3 } : null,
  };
}

/** A project among a token's associations. */
export function projectAssociation(look: Look, project: Project): Record<string, unknown> {
  const user = look.viewer.user;
  const own = user ? directRow(look.world, 'Project', project.id, user.id) : undefined;
  const inGroup = user && project.groupId !== null ? rowLevelOnGroup(look.world, user.id, project.groupId) : 0;
  return {
    ...projectIdentity(look, project),
    access_levels: { project_access_level: own?.accessLevel ?? null, group_access_level: inGroup || null },
    visibility: project.visibility,
    web_url: `${look.baseUrl}/${project.fullPath}`,
    namespace: namespaceOf(look, project),
  };
}
