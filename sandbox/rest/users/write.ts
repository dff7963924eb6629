import { check } from '../../http/params.ts';
import { json, NO_CONTENT, refuse, refuseError, type Reply } from '../../http/reply.ts';
import { addUser, removeUser, renameUser, soleOwnedGroups, type User } from '../../model/index.ts';
import { adminOnly, checkUnmodified, userOf, type Call } from '../context.ts';
import { userWithAdmin } from '../entities/users.ts';
import { findUser } from '../lookup.ts';

const OPTIONAL = {
  password: { type: 'string' },
  reset_password: { type: 'bool' },
  force_random_password: { type: 'bool' },
  skip_confirmation: { type: 'bool' },
  admin: { type: 'bool' },
  external: { type: 'bool' },
  auditor: { type: 'bool' },
  can_create_group: { type: 'bool' },
  note: { type: 'string' },
  public_email: { type: 'string' },
  private_profile: { type: 'bool' },
} as const;

function taken(call: Call, sent: { email?: string; username?: string }, self?: User): void {
  const { userByEmail, userByName, groupByPath } = call.world.index;
  const byEmail = sent.email === undefined ? undefined : userByEmail.get(sent.email.toLowerCase());
  if (byEmail && byEmail !== self) throw refuse(409, 'Email has already been taken');
  const name = sent.username?.toLowerCase();
  const byName = name === undefined ? undefined : userByName.get(name);
  if ((byName && byName !== self) || (name !== undefined && groupByPath.has(name))) {
    throw refuse(409, 'Username has already been taken');
  }
}

function invalidFields(sent: { email?: string; username?: string }): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  if (sent.email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(sent.email)) faults['email'] = ['is invalid'];
  if (sent.username !== undefined && !/^[a-z0-9_][\w.-]*$/i.test(sent.username)) {
    faults['username'] = ["can contain only letters, digits, '_', '-', '.'."];
  }
  return faults;
}

/** POST /users: an administrator makes an account. */
export function createUser(call: Call): Reply {
  const sent = check(call.params, {
    email: { type: 'string', required: true },
    name: { type: 'string', required: true },
    username: { type: 'string', required: true },
    ...OPTIONAL,
  });
  const passwords = ['password', 'reset_password', 'force_random_password'];
  if (!passwords.some((name) => name in call.params)) {
    throw refuseError(400, `${passwords.join(', ')} are missing, at least one parameter must be provided`);
  }
  adminOnly(call);
  taken(call, sent);
  const faults = invalidFields(sent);
  if (sent.password !== undefined && sent.password.length < 8)
    faults['password'] = ['is too short (minimum is 8 characters)'];
  if (Object.keys(faults).length > 0) throw refuse(400, faults);
  const user = addUser(call.world, {
    username: sent.username,
    name: sent.name,
    email: sent.email,
    publicEmail: sent.public_email ?? null,
    admin: sent.admin ?? false,
    auditor: sent.auditor ?? false,
    external: sent.external ?? false,
    canCreateGroup: sent.can_create_group ?? true,
    privateProfile: sent.private_profile ?? false,
    note: sent.note ?? '',
    createdById: userOf(call).id,
  });
  return json(201, userWithAdmin(call, user));
}

/** PUT /users/:id */
export function updateUser(call: Call): Reply {
  const sent = check(call.params, {
    email: { type: 'string' },
    name: { type: 'string' },
    username: { type: 'string' },
    ...OPTIONAL,
  });
  adminOnly(call);
  const user = findUser(call);
  taken(call, sent, user);
  const faults = invalidFields(sent);
  if (Object.keys(faults).length > 0) throw refuse(400, faults);
  if (sent.username !== undefined) renameUser(call.world, user, sent.username);
  if (sent.email !== undefined) {
    call.world.index.userByEmail.delete(user.email.toLowerCase());
    user.email = sent.email;
    call.world.index.userByEmail.set(sent.email.toLowerCase(), user);
  }
  user.name = sent.name ?? user.name;
  user.admin = sent.admin ?? user.admin;
  user.auditor = sent.auditor ?? user.auditor;
  user.external = sent.external ?? user.external;
  user.note = sent.note ?? user.note;
  user.privateProfile = sent.private_profile ?? user.privateProfile;
  if (sent.public_email !== undefined) user.publicEmail = sent.public_email === '' ? null : sent.public_email;
  user.updatedAt = call.world.clock.now();
  return json(200, userWithAdmin(call, user));
}

/** DELETE /users/:id: 204 at once, gone some seconds later; the sole Owner of a group only with `hard_delete`. */
export function deleteUser(call: Call): Reply {
  const sent = check(call.params, { hard_delete: { type: 'bool' } });
  adminOnly(call);
  const user = findUser(call);
  checkUnmodified(call, user.updatedAt);
  deleteLater(call, user, sent.hard_delete === true);
  return NO_CONTENT;
}

/** Schedules a user's deletion as GitLab's worker does it. */
export function deleteLater(call: Call, user: User, hard: boolean): void {
  const { world } = call;
  if (!hard && soleOwnedGroups(world, user.id).length > 0) {
    throw refuse(409, 'User cannot be removed while is the sole-owner of a group');
  }
  world.clock.schedule(world.clock.now() + world.settings.deletionDelayMs, () => {
    if (world.users.get(user.id) === user) removeUser(world, user);
  });
}
