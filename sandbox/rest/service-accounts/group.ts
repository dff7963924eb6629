import { check } from '../../http/params.ts';
import { badRequest, forbidden, NO_CONTENT, notFound, refuse, type Reply } from '../../http/reply.ts';
import { ACCESS, hasPlan, viewerGroupLevel, type Group, type User } from '../../model/index.ts';
import { checkUnmodified, type Call, type Route } from '../context.ts';
import { findGroup, pathParam } from '../lookup.ts';
import { deleteLater } from '../users/write.ts';
import { all, create, list, NAMES, ORDER, patch } from './shared.ts';

/** A group whose service accounts the caller may manage: Owner, and the feature licensed. */
export function managed(call: Call): Group {
  const group = findGroup(call);
  const owner = viewerGroupLevel(call.world, call.viewer, group.id) >= ACCESS.OWNER;
  if (!owner || !hasPlan(call.world.settings, 'premium')) throw forbidden();
  return group;
}

/** The raw `:id` is read as a number: a path fails, or names the group of its leading digits. */
function createInGroup(call: Call): Reply {
  check(call.params, NAMES);
  managed(call);
  const group = call.world.groups.get(Number.parseInt(pathParam(call, 'id'), 10));
  const allowed = call.viewer.admin || call.world.settings.ownersCreateServiceAccounts;
  if (group?.parentId !== null || !allowed) {
    throw badRequest('User does not have permission to create a service account in this group.');
  }
  return create(call, group);
}

function listOfGroup(call: Call): Reply {
  check(call.params, ORDER);
  const group = managed(call);
  return list(
    call,
    all(call).filter((user) => user.provisionedByGroupId === group.id),
  );
}

/** A service account that this group made. */
export function accountOf(call: Call, group: Group): User {
  const user = call.world.users.get(Number(pathParam(call, 'user_id')));
  if (user?.provisionedByGroupId !== group.id) throw notFound('User');
  if (user.userType !== 'service_account') throw badRequest('User is not of type Service Account');
  return user;
}

function patchInGroup(call: Call): Reply {
  const group = managed(call);
  if (!/^\d+$/.test(pathParam(call, 'id'))) throw refuse(404, 'Group with the provided ID not found.');
  return patch(call, accountOf(call, group), '');
}

/** Deleting where the setting forbids it answers 204 and deletes nothing. */
function deleteInGroup(call: Call): Reply {
  const sent = check(call.params, { hard_delete: { type: 'bool' } });
  const group = managed(call);
  const user = accountOf(call, group);
  checkUnmodified(call, user.updatedAt);
  if (call.viewer.admin || call.world.settings.ownersDeleteServiceAccounts) {
    deleteLater(call, user, sent.hard_delete === true);
  }
  return NO_CONTENT;
}

const GROUP = '/groups/:id/service_accounts';

/** Service accounts of a group, for its Owners. */
export const GROUP_ACCOUNT_ROUTES: readonly Route[] = [
  { method: 'GET', path: GROUP, handler: listOfGroup, enterprise: true },
  { method: 'POST', path: GROUP, handler: createInGroup, enterprise: true },
  { method: 'PATCH', path: `${GROUP}/:user_id`, handler: patchInGroup, enterprise: true },
  { method: 'DELETE', path: `${GROUP}/:user_id`, handler: deleteInGroup, enterprise: true },
];
