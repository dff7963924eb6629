import { createHash } from 'node:crypto';

import { check } from '../http/params.ts';
import { keysetByCursor, paginate } from '../http/paginate.ts';
import {
  badRequest,
  forbidden,
  json,
  NO_CONTENT,
  notFound,
  recordNotFound,
  refuse,
  type Reply,
} from '../http/reply.ts';
import {
  ACCESS,
  addUser,
  hasPlan,
  renameUser,
  tokensOf,
  viewerGroupLevel,
  type Group,
  type Token,
  type User,
} from '../model/index.ts';
import { addressOf, adminOnly, checkUnmodified, noKeyset, userOf, type Call, type Route } from './context.ts';
import { tokenEntity } from './entities/tokens.ts';
import { findGroup, pathParam } from './lookup.ts';
import { compareText } from './search.ts';
import { filterTokens } from './tokens/list.ts';
import { createToken, rotateToken } from './tokens/service.ts';
import { deleteLater } from './users/write.ts';

const NAMES = { name: { type: 'string' }, username: { type: 'string' }, email: { type: 'string' } } as const;
const ORDER = {
  order_by: { type: 'string', values: ['id', 'username'] },
  sort: { type: 'string', values: ['asc', 'desc'] },
} as const;

function entity(user: User): Record<string, unknown> {
  return {
    id: user.id,
    username: user.username,
    public_email: user.publicEmail,
    name: user.name,
    email: user.email,
  };
}

function list(call: Call, users: readonly User[]): Reply {
  const sent = check(call.params, ORDER);
  const sign = sent.sort === 'asc' ? 1 : -1;
  const order = (a: User, b: User): number =>
    sent.order_by === 'username' ? compareText(a.username, b.username) : a.id - b.id;
  const sorted = [...users].sort((a, b) => sign * order(a, b));
  const page = call.params['pagination'] === 'keyset' ? keysetByCursor : paginate;
  return page(addressOf(call), sorted, entity);
}

function all(call: Call): User[] {
  return [...call.world.users.values()].filter((user) => user.userType === 'service_account');
}

/** Finds what is taken: both faults are told in one sentence. */
function takenText(call: Call, sent: { username?: string; email?: string }, self?: User): string | null {
  const { userByName, userByEmail } = call.world.index;
  const name = sent.username === undefined ? undefined : userByName.get(sent.username.toLowerCase());
  const mail = sent.email === undefined ? undefined : userByEmail.get(sent.email.toLowerCase());
  const texts = [
    ...(name && name !== self ? ['Username has already been taken'] : []),
    ...(mail && mail !== self ? ['Email has already been taken'] : []),
  ];
  return texts.length > 0 ? texts.join(' and ') : null;
}

function create(call: Call, group: Group | null): Reply {
  const { world } = call;
  const sent = check(call.params, NAMES);
  const hex = createHash('md5')
    .update(`service account ${String(world.nextId.user)}`)
    .digest('hex');
  const prefix = group ? `service_account_group_${String(group.id)}_` : 'service_account_';
  const username = sent.username ?? `${prefix}${hex}`;
  const email = sent.email ?? `${username}@noreply.${new URL(call.baseUrl).hostname}`;
  const fault = takenText(call, { username, email });
  if (fault) throw badRequest(fault);
  const user = addUser(world, {
    username,
    email,
    name: sent.name ?? 'Service account user',
    userType: 'service_account',
    external: true,
    canCreateGroup: false,
    provisionedByGroupId: group?.id ?? null,
    createdById: userOf(call).id,
  });
  return json(201, entity(user));
}

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

function patch(call: Call, user: User, prefix: string): Reply {
  const sent = check(call.params, NAMES);
  const fault = takenText(call, sent, user);
  if (fault) throw refuse(400, `${prefix}${fault}`);
  if (sent.username !== undefined) renameUser(call.world, user, sent.username);
  if (sent.email !== undefined) {
    call.world.index.userByEmail.delete(user.email.toLowerCase());
    user.email = sent.email;
    call.world.index.userByEmail.set(user.email.toLowerCase(), user);
  }
  user.name = sent.name ?? user.name;
  user.updatedAt = call.world.clock.now();
  return json(200, entity(user));
}

function patchOnInstance(call: Call): Reply {
  adminOnly(call);
  const user = call.world.users.get(Number(pathParam(call, 'user_id')));
  if (!user) throw recordNotFound();
  if (user.userType !== 'service_account') throw badRequest('User is not a service account');
  return patch(call, user, '400 Bad request - ');
}

/** A group whose service accounts the caller may manage: Owner, and the feature licensed. */
function managed(call: Call): Group {
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
function accountOf(call: Call, group: Group): User {
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

function listTokens(call: Call): Reply {
  const user = accountOf(call, managed(call));
  if (call.params['pagination'] === 'keyset') throw noKeyset();
  const tokens = filterTokens(call.world, tokensOf(call.world, user.id), { ...call.params, user_id: '' });
  return paginate(addressOf(call), tokens, (token) => tokenEntity(call.world, token));
}

function createTokenFor(call: Call): Reply {
  const sent = check(call.params, {
    name: { type: 'string', required: true },
    scopes: { type: 'strings', required: true },
    expires_at: { type: 'date' },
    description: { type: 'string' },
  });
  const user = accountOf(call, managed(call));
  const wish = { ...sent, expiresAt: sent.expires_at, description: sent.description ?? null };
  return json(201, tokenEntity(call.world, createToken(call, user, wish), { withValue: true }));
}

function tokenOf(call: Call, missing: () => Error): Token {
  const user = accountOf(call, managed(call));
  const token = call.world.tokens.get(Number(pathParam(call, 'token_id')));
  if (token?.userId !== user.id) throw missing();
  return token;
}

function rotate(call: Call): Reply {
  const sent = check(call.params, { expires_at: { type: 'date' } });
  const made = rotateToken(
    call,
    tokenOf(call, () => refuse(404, '404 Not Found')),
    sent.expires_at,
  );
  return json(200, tokenEntity(call.world, made, { withValue: true }));
}

function revoke(call: Call): Reply {
  tokenOf(call, () => notFound('Personal Access Token')).revoked = true;
  return NO_CONTENT;
}

const GROUP = '/groups/:id/service_accounts';
const ONE = `${GROUP}/:user_id`;
const TOKENS = `${ONE}/personal_access_tokens`;

/** Service accounts of the instance and of groups, with their tokens; absent in the Community Edition. */
export const SERVICE_ACCOUNT_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/service_accounts', handler: listOfInstance, enterprise: true },
  { method: 'POST', path: '/service_accounts', handler: createOnInstance, enterprise: true },
  { method: 'PATCH', path: '/service_accounts/:user_id', handler: patchOnInstance, enterprise: true },
  { method: 'GET', path: GROUP, handler: listOfGroup, enterprise: true },
  { method: 'POST', path: GROUP, handler: createInGroup, enterprise: true },
  { method: 'PATCH', path: ONE, handler: patchInGroup, enterprise: true },
  { method: 'DELETE', path: ONE, handler: deleteInGroup, enterprise: true },
  { method: 'GET', path: TOKENS, handler: listTokens, enterprise: true },
  { method: 'POST', path: TOKENS, handler: createTokenFor, enterprise: true },
  { method: 'POST', path: `${TOKENS}/:token_id/rotate`, handler: rotate, enterprise: true },
  { method: 'DELETE', path: `${TOKENS}/:token_id`, handler: revoke, enterprise: true },
];
