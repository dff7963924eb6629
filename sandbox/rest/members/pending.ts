import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { badRequest, forbidden, json, NO_CONTENT, refuse, type Reply } from '../../http/reply.ts';
import {
  changeMember,
  invitationsOf,
  isLastOwner,
  membersOf,
  projectsIn,
  subtree,
  type Group,
  type Invitation,
  type Member,
  type SourceKind,
} from '../../model/index.ts';
import { addressOf, userOf, type Call, type Route } from '../context.ts';
import { findGroup, findUser, pathParam } from '../lookup.ts';
import { canAdminMembers } from './rights.ts';

/** A root group, for who manages its members; anything else is 400 (docs/gitlab.md §pending members). */
function managed(call: Call): Group {
  const group = findGroup(call);
  if (group.parentId !== null || !canAdminMembers(call, { kind: 'Group', id: group.id, group })) throw badRequest();
  return group;
}

/** Every group and project of a tree. */
function sourcesBelow(call: Call, root: Group): [SourceKind, number][] {
  return subtree(call.world, root.id).flatMap((group): [SourceKind, number][] => [
    ['Group', group.id],
    ...projectsIn(call.world, group.id).map((project): [SourceKind, number] => ['Project', project.id]),
  ]);
}

function rowsBelow(call: Call, root: Group, state: Member['state']): Member[] {
  return sourcesBelow(call, root)
    .flatMap(([kind, id]) => membersOf(call.world, kind, id))
    .filter((row) => row.state === state)
    .sort((a, b) => a.id - b.id);
}

function awaitingEntity(call: Call, row: Member): Record<string, unknown> {
  const user = call.world.users.get(row.userId);
  return {
    id: row.id,
    name: user?.name ?? null,
    username: user?.username ?? null,
    email: user?.email ?? null,
    web_url: user ? `${call.baseUrl}/${user.username}` : null,
    invited: false,
    avatar_url: null,
    approved: false,
  };
}

function invitedEntity(row: Invitation): Record<string, unknown> {
  const nobody = { name: null, username: null, web_url: null, avatar_url: null };
  return { ...nobody, id: row.id, email: row.email, invited: true, approved: false };
}

/** GET .../pending_members: one entry per person who waits anywhere in the tree, and the open invitations. */
function listPending(call: Call): Reply {
  const root = managed(call);
  const people = new Map<number, Member>();
  for (const row of rowsBelow(call, root, 'awaiting')) if (!people.has(row.userId)) people.set(row.userId, row);
  const invited = sourcesBelow(call, root).flatMap(([kind, id]) => invitationsOf(call.world, kind, id));
  const entries = [...[...people.values()].map((row) => awaitingEntity(call, row)), ...invited.map(invitedEntity)];
  return paginate(addressOf(call), entries, (entry) => entry);
}

/** Sets rows without a hook hearing of it. */
function setState(call: Call, rows: readonly Member[], state: Member['state']): void {
  for (const row of rows) changeMember(call.world, row, { state });
}

/** PUT .../members/:member_id/approve takes a row's number, and lets its user in everywhere in the tree. */
function approve(call: Call): Reply {
  check(call.params, { member_id: { type: 'int', required: true } });
  findGroup(call);
  const row = call.world.members.get(Number(pathParam(call, 'member_id')));
  if (!row) throw refuse(404, '404 Not Found');
  const rows = rowsBelow(call, managed(call), 'awaiting').filter((item) => item.userId === row.userId);
  if (rows.length === 0) throw badRequest('No memberships found');
  setState(call, rows, 'active');
  return NO_CONTENT;
}

function approveAll(call: Call): Reply {
  const rows = rowsBelow(call, managed(call), 'awaiting');
  if (rows.length === 0) throw badRequest('No memberships found');
  setState(call, rows, 'active');
  return NO_CONTENT;
}

/** PUT .../members/:user_id/state suspends somebody in the whole tree, or lets them back in; roles are kept. */
function changeState(call: Call): Reply {
  const sent = check(call.params, { state: { type: 'string', required: true, values: ['awaiting', 'active'] } });
  const group = findGroup(call);
  const user = findUser(call, 'user_id');
  if (!canAdminMembers(call, { kind: 'Group', id: group.id, group })) throw forbidden();
  if (group.parentId !== null) throw badRequest();
  const state = sent.state === 'awaiting' ? 'awaiting' : 'active';
  const rows = rowsBelow(call, group, state === 'awaiting' ? 'active' : 'awaiting');
  const own = rows.filter((row) => row.userId === user.id);
  if (state === 'awaiting') checkSuspension(call, group, user.id, own);
  if (own.length === 0) throw refuse(422, 'No memberships found');
  setState(call, own, state);
  return json(200, { success: true });
}

function checkSuspension(call: Call, group: Group, userId: number, rows: readonly Member[]): void {
  if (userId === userOf(call).id) throw refuse(422, 'You cannot set yourself to awaiting');
  const last = rows.some((row) => row.sourceId === group.id && isLastOwner(call.world, row));
  if (last) throw refuse(422, 'The last owner cannot be set to awaiting');
}

/** Members who wait for a seat. */
export const PENDING_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/groups/:id/pending_members', handler: listPending, enterprise: true },
  { method: 'POST', path: '/groups/:id/members/approve_all', handler: approveAll, enterprise: true },
  { method: 'PUT', path: '/groups/:id/members/:member_id/approve', handler: approve, enterprise: true },
  { method: 'PUT', path: '/groups/:id/members/:user_id/state', handler: changeState, enterprise: true },
];
