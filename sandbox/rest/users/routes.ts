import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { forbidden, json, notFound, type Reply } from '../../http/reply.ts';
import { authorizedProjects, rowsOfUser, type Member } from '../../model/index.ts';
import { addressOf, adminOnly, limit, userOf, type Call, type Route } from '../context.ts';
import { userDetails, userProfile } from '../entities/users.ts';
import { findUser } from '../lookup.ts';
import { listUsers } from './list.ts';
import * as states from './states.ts';
import { createUser, deleteUser, updateUser } from './write.ts';

function getUser(call: Call): Reply {
  if (!call.viewer.user) throw forbidden('Not authorized!');
  if (!call.viewer.admin) limit(call, 'users_get_by_id');
  const user = findUser(call);
  return json(200, call.viewer.admin ? userDetails(call, user) : userProfile(call, user));
}

/** Direct rows of a user; access requests and Minimal Access included, without date or path. */
function memberships(call: Call): Reply {
  const sent = check(call.params, { type: { type: 'string', values: ['Project', 'Namespace'] } });
  adminOnly(call);
  const user = findUser(call);
  const wanted = sent.type === 'Namespace' ? 'Group' : sent.type;
  const rows = [...rowsOfUser(call.world, user.id)].filter((row) => wanted === undefined || row.sourceKind === wanted);
  return paginate(addressOf(call), rows, (row) => membership(call, row));
}

function membership(call: Call, row: Member): Record<string, unknown> {
  const { groups, projects } = call.world;
  const source = row.sourceKind === 'Group' ? groups.get(row.sourceId) : projects.get(row.sourceId);
  return {
    source_id: row.sourceId,
    source_name: source?.name ?? null,
    source_type: row.sourceKind === 'Group' ? 'Namespace' : 'Project',
    access_level: row.accessLevel,
  };
}

function associationsCount(call: Call): Reply {
  const caller = userOf(call);
  const user = findUser(call);
  if (!call.viewer.admin && caller.id !== user.id) throw notFound('User');
  const groups = [...rowsOfUser(call.world, user.id)].filter((row) => row.sourceKind === 'Group');
  return json(200, {
    groups_count: groups.length,
    projects_count: authorizedProjects(call.world, user.id).length,
    issues_count: 0,
    merge_requests_count: 0,
  });
}

const READ = ['read_user'];

/** People: who there is, and what an administrator does to them. */
export const USER_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/users', handler: listUsers, open: true, scopes: READ },
  { method: 'POST', path: '/users', handler: createUser },
  { method: 'GET', path: '/users/:id', handler: getUser, open: true, scopes: READ },
  { method: 'PUT', path: '/users/:id', handler: updateUser },
  { method: 'DELETE', path: '/users/:id', handler: deleteUser },
  { method: 'GET', path: '/users/:id/memberships', handler: memberships, scopes: READ },
  { method: 'GET', path: '/users/:id/associations_count', handler: associationsCount, scopes: READ },
  { method: 'POST', path: '/users/:id/block', handler: states.blockUser },
  { method: 'POST', path: '/users/:id/unblock', handler: states.unblockUser },
  { method: 'POST', path: '/users/:id/deactivate', handler: states.deactivateUser },
  { method: 'POST', path: '/users/:id/activate', handler: states.activateUser },
  { method: 'POST', path: '/users/:id/ban', handler: states.banUser },
  { method: 'POST', path: '/users/:id/unban', handler: states.unbanUser },
  { method: 'POST', path: '/users/:id/approve', handler: states.approveUser },
  { method: 'POST', path: '/users/:id/reject', handler: states.rejectUser },
];
