import { check } from '../../http/params.ts';
import { keysetById, paginate } from '../../http/paginate.ts';
import { forbidden, json, notFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  addMember,
  addProject,
  authorizationsOf,
  authorizedProjects,
  canReadProject,
  dateIn,
  projectByPath,
  readsAll,
  removeProject,
  renameProject,
  viewerGroupLevel,
  viewerProjectLevel,
  type Group,
  type Project,
} from '../../model/index.ts';
import { addressOf, checkUnmodified, limit, noKeyset, userOf, type Call, type Route } from '../context.ts';
import { projectDetail, projectEntity, projectSimple } from '../entities/projects.ts';
import { userBasic } from '../entities/users.ts';
import { visibilityOf } from '../groups/write.ts';
import { findGroup, findProject } from '../lookup.ts';
import { userMatches } from '../search.ts';
import { filterProjects, projectFilters } from './filter.ts';

/** GET /projects: what the caller may see, or is authorized on with `membership`; keyset by id only. */
function listProjects(call: Call): Reply {
  limit(call, 'projects_api');
  const sent = projectFilters(call.params);
  const keyset = call.params['pagination'] === 'keyset';
  if (keyset && (sent.order_by ?? 'created_at') !== 'id') throw noKeyset();
  const projects = filterProjects(call, candidates(call, sent.membership === true || sent.owned === true), sent);
  const shape = sent.simple || !call.viewer.user ? projectSimple : projectEntity;
  if (keyset) return keysetById(addressOf(call), projects, (project) => shape(call, project));
  return paginate(addressOf(call), projects, (project) => shape(call, project));
}

function candidates(call: Call, ownOnly: boolean): Project[] {
  const { world, viewer } = call;
  if (ownOnly && viewer.user) return authorizedProjects(world, viewer.user.id).map(([project]) => project);
  const all = [...world.projects.values()];
  if (readsAll(viewer)) return all;
  const own = viewer.user ? authorizedProjects(world, viewer.user.id) : [];
  const ids = new Set(own.map(([project]) => project.id));
  return all.filter(
    (item) => ids.has(item.id) || (item.visibility !== 'private' && canReadProject(world, viewer, item)),
  );
}

function getProject(call: Call): Reply {
  limit(call, 'project_api');
  return json(200, projectDetail(call, findProject(call)));
}

function homeOf(call: Call, namespaceId: number | null | undefined): Group | null {
  const user = userOf(call);
  if (namespaceId == null || namespaceId === user.namespaceId) return null;
  if (!call.world.groups.has(namespaceId)) throw notFound('Namespace');
  const group = findGroup(call, String(namespaceId));
  const needed = group.projectCreationLevel === 'maintainer' ? ACCESS.MAINTAINER : ACCESS.DEVELOPER;
  const level = viewerGroupLevel(call.world, call.viewer, group.id);
  if (group.archived || group.projectCreationLevel === 'noone' || level < needed) {
    throw refuse(400, { namespace: ['is not valid'] });
  }
  return group;
}

/** POST /projects: in a group the creator gets no row, only an authorization; in the own namespace an Owner row. */
function createProject(call: Call): Reply {
  const sent = check(
    call.params,
    {
      name: { type: 'string' },
      path: { type: 'string' },
      namespace_id: { type: 'int' },
      description: { type: 'string' },
      visibility: { type: 'string', values: ['private', 'internal', 'public'] },
    },
    { atLeastOne: ['name', 'path'] },
  );
  const { world } = call;
  const user = userOf(call);
  const group = homeOf(call, sent.namespace_id);
  if (!group && user.external) throw forbidden();
  const path = sent.path ?? (sent.name ?? '').toLowerCase().replace(/[^\w.-]+/g, '-');
  const taken = projectByPath(world, `${group?.fullPath ?? user.username}/${path}`);
  if (taken)
    throw refuse(400, {
      'project_namespace.name': ['has already been taken'],
      name: ['has already been taken'],
      path: ['has already been taken'],
    });
  const home = group ? { groupId: group.id } : { ownerId: user.id };
  const project = addProject(world, {
    ...home,
    path,
    name: sent.name ?? path,
    description: sent.description ?? '',
    visibility: visibilityOf(sent.visibility) ?? 'private',
    creatorId: user.id,
  });
  if (!group)
    addMember(world, { sourceKind: 'Project', sourceId: project.id, userId: user.id, accessLevel: ACCESS.OWNER });
  return json(201, projectDetail(call, project));
}

/** PUT /projects/:id: name, path, visibility and description. */
function updateProject(call: Call): Reply {
  const sent = check(call.params, {
    name: { type: 'string' },
    path: { type: 'string' },
    description: { type: 'string' },
    visibility: { type: 'string', values: ['private', 'internal', 'public'] },
  });
  const project = findProject(call);
  if (viewerProjectLevel(call.world, call.viewer, project.id) < ACCESS.MAINTAINER) throw forbidden();
  if (sent.path !== undefined && sent.path !== project.path) renameProject(call.world, project, sent.path);
  project.name = sent.name ?? project.name;
  project.description = sent.description ?? project.description;
  project.visibility = visibilityOf(sent.visibility) ?? project.visibility;
  project.updatedAt = call.world.clock.now();
  return json(200, projectDetail(call, project));
}

/** POST /projects/:id/archive and /unarchive. */
function setArchived(archived: boolean) {
  return (call: Call): Reply => {
    const project = findProject(call);
    if (viewerProjectLevel(call.world, call.viewer, project.id) < ACCESS.OWNER) throw forbidden();
    project.archived = archived;
    return json(201, projectDetail(call, project));
  };
}

/** DELETE /projects/:id: marks it, 202. With `permanently_remove` and its path a marked project goes at once. */
function deleteProject(call: Call): Reply {
  const sent = check(call.params, { permanently_remove: { type: 'bool' }, full_path: { type: 'string' } });
  const project = findProject(call);
  const { world } = call;
  if (viewerProjectLevel(world, call.viewer, project.id) < ACCESS.OWNER) throw forbidden();
  checkUnmodified(call, project.updatedAt);
  if (sent.permanently_remove) {
    if (project.markedForDeletionOn === null) throw refuse(400, 'Project must be marked for deletion first.');
    if (sent.full_path !== project.fullPath) {
      throw refuse(400, '`full_path` is incorrect. You must enter the complete path for the project.');
    }
    removeProject(world, project);
    return json(202, { message: '202 Accepted' });
  }
  if (project.markedForDeletionOn !== null) throw refuse(400, 'Project has been already marked for deletion');
  project.markedForDeletionOn = dateIn(world.clock.now(), world.settings.timeZone);
  return json(202, { message: '202 Accepted' });
}

/** GET /projects/:id/users: everybody in force, by id: the authorizations themselves. */
function listProjectUsers(call: Call): Reply {
  const sent = check(call.params, { search: { type: 'string' }, skip_users: { type: 'ints' } });
  const project = findProject(call);
  const search = sent.search ?? '';
  const users = authorizationsOf(call.world, project)
    .flatMap(([userId]) => call.world.users.get(userId) ?? [])
    .filter((user) => !sent.skip_users?.includes(user.id))
    .filter((user) => search === '' || userMatches(user, search));
  return paginate(addressOf(call), users, (user) => userBasic(call, user));
}

/** Projects, and who is in force on them. */
export const PROJECT_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/projects', handler: listProjects, open: true },
  { method: 'POST', path: '/projects', handler: createProject },
  { method: 'GET', path: '/projects/:id', handler: getProject, open: true },
  { method: 'PUT', path: '/projects/:id', handler: updateProject },
  { method: 'DELETE', path: '/projects/:id', handler: deleteProject },
  { method: 'POST', path: '/projects/:id/archive', handler: setArchived(true) },
  { method: 'POST', path: '/projects/:id/unarchive', handler: setArchived(false) },
  { method: 'GET', path: '/projects/:id/users', handler: listProjectUsers, open: true },
];
