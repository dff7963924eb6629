import { check } from '../../http/params.ts';
import { badRequest, forbidden, recordNotFound, type Reply } from '../../http/reply.ts';
import { hasPlan } from '../../model/index.ts';
import { adminOnly, type Call, type Route } from '../context.ts';
import { pathParam } from '../lookup.ts';
import { all, create, list, NAMES, ORDER, patch } from './shared.ts';

function createOnInstance(call: Call): Reply {
  check(call.params, NAMES);
  adminOnly(call);
  if (!hasPlan(call.world.settings, 'premium')) {
    throw forbidden('User does not have permission to create a service account.');
  }
  return create(call, null);
}

function listOfInstance(call: Call): Reply {
  check(call.params, ORDER);
  adminOnly(call);
  return list(call, all(call));
}

function patchOnInstance(call: Call): Reply {
  adminOnly(call);
  const user = call.world.users.get(Number(pathParam(call, 'user_id')));
  if (!user) throw recordNotFound();
  if (user.userType !== 'service_account') throw badRequest('User is not a service account');
  return patch(call, user, '400 Bad request - ');
}

/** Service accounts of the instance, for administrators. */
export const INSTANCE_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/service_accounts', handler: listOfInstance, enterprise: true },
  { method: 'POST', path: '/service_accounts', handler: createOnInstance, enterprise: true },
  { method: 'PATCH', path: '/service_accounts/:user_id', handler: patchOnInstance, enterprise: true },
];
