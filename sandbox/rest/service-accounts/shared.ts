import { createHash } from 'node:crypto';

import { check } from '../../http/params.ts';
import { keysetByCursor, paginate } from '../../http/paginate.ts';
import { badRequest, json, refuse, type Reply } from '../../http/reply.ts';
import { addUser, renameUser, type Group, type User } from '../../model/index.ts';
import { addressOf, userOf, type Call } from '../context.ts';
import { compareText } from '../search.ts';

/** What a service account may be given. */
export const NAMES = { name: { type: 'string' }, username: { type: 'string' }, email: { type: 'string' } } as const;
/** How lists of service accounts are ordered. */
export const ORDER = {
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

/** A page of service accounts. */
export function list(call: Call, users: readonly User[]): Reply {
  const sent = check(call.params, ORDER);
  const sign = sent.sort === 'asc' ? 1 : -1;
  const order = (a: User, b: User): number =>
    sent.order_by === 'username' ? compareText(a.username, b.username) : a.id - b.id;
  const sorted = [...users].sort((a, b) => sign * order(a, b));
  const page = call.params['pagination'] === 'keyset' ? keysetByCursor : paginate;
  return page(addressOf(call), sorted, entity);
}

/** Every service account of the instance. */
export function all(call: Call): User[] {
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

/** Makes a service account of a group, or of the instance. */
export function create(call: Call, group: Group | null): Reply {
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

/** Changes name, username or e-mail; `prefix` stands before what is taken. */
export function patch(call: Call, user: User, prefix: string): Reply {
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
