import { forbidden, json, refuse, type Reply } from '../../http/reply.ts';
import { removeUser, type User, type UserState } from '../../model/index.ts';
import { adminOnly, userOf, type Call } from '../context.ts';
import { findUser } from '../lookup.ts';

type Change = (call: Call, user: User) => Reply;

function admins(change: Change): (call: Call) => Reply {
  return (call) => {
    userOf(call);
    adminOnly(call);
    return change(call, findUser(call));
  };
}

function become(call: Call, user: User, state: UserState): Reply {
  user.state = state;
  user.updatedAt = call.world.clock.now();
  return json(201, true);
}

/** Answers `null` where nothing changes: already blocked, banned or awaiting approval. */
export const blockUser = admins((call, user) => {
  if (user.state === 'ldap_blocked') throw forbidden('LDAP blocked users cannot be modified by the API');
  if (user.id === userOf(call).id) throw forbidden('The API initiating user cannot be blocked by the API');
  if (!['human', 'service_account', 'project_bot'].includes(user.userType)) {
    throw refuse(403, 'An internal user cannot be blocked');
  }
  if (user.state !== 'active' && user.state !== 'deactivated') return json(201, null);
  return become(call, user, 'blocked');
});

/** Answers `false` where nothing changes; a ban and a pending approval are lifted too. */
export const unblockUser = admins((call, user) => {
  if (user.state === 'ldap_blocked') throw forbidden('LDAP blocked users cannot be unblocked by the API');
  if (user.state === 'deactivated') throw forbidden('Deactivated users cannot be unblocked by the API');
  return user.state === 'active' ? json(201, false) : become(call, user, 'active');
});

export const deactivateUser = admins((call, user) => {
  const { dormantDays } = call.world.settings;
  if (user.state === 'deactivated') return json(201, null);
  if (user.state !== 'active') throw refuse(403, 'Error occurred. A blocked user cannot be deactivated');
  if (user.userType !== 'human') throw refuse(403, 'Internal users cannot be deactivated');
  // Who never did anything counts as dormant.
  const lastMs = user.lastActivityOn === null ? 0 : Date.parse(user.lastActivityOn);
  if (call.world.clock.now() - lastMs < dormantDays * 86_400_000) {
    const days = String(dormantDays);
    const told = `The user you are trying to deactivate has been active in the past ${days} days and cannot be deactivated`;
    throw refuse(403, told);
  }
  return become(call, user, 'deactivated');
});

export const activateUser = admins((call, user) => {
  if (user.state === 'active') return json(201, true);
  if (user.state !== 'deactivated') {
    throw refuse(403, 'Error occurred. A blocked user must be unblocked to be activated');
  }
  return become(call, user, 'active');
});

export const banUser = admins((call, user) => {
  if (user.state !== 'active') throw refuse(403, 'You cannot ban blocked users.');
  return become(call, user, 'banned');
});

export const unbanUser = admins((call, user) => {
  if (user.state !== 'banned') throw refuse(403, 'You cannot unban active users.');
  return become(call, user, 'active');
});

/** Lets in who waits for approval. */
export function approveUser(call: Call): Reply {
  userOf(call);
  const user = findUser(call);
  if (!call.viewer.admin) throw refuse(403, 'You are not allowed to approve a user');
  if (user.state !== 'blocked_pending_approval') {
    throw refuse(409, 'The user you are trying to approve is not pending approval');
  }
  become(call, user, 'active');
  return json(201, { message: 'Success' });
}

/** Deletes who waits for approval; a 200, unlike its sisters. */
export function rejectUser(call: Call): Reply {
  userOf(call);
  const user = findUser(call);
  if (!call.viewer.admin) throw refuse(403, 'You are not allowed to reject a user');
  if (user.state !== 'blocked_pending_approval') throw refuse(409, 'User does not have a pending request');
  removeUser(call.world, user);
  return json(200, { message: 'Success' });
}
