import { check } from '../http/params.ts';
import { paginate } from '../http/paginate.ts';
import { forbidden, json, NO_CONTENT, recordNotFound, refuse, type Reply } from '../http/reply.ts';
import {
  ACCESS,
  addMember,
  changeMember,
  inForce,
  liveProjectLevel,
  reachOfUserOnGroup,
  removeMember,
  requestRow,
  requestsOf,
  type Member,
  type SourceKind,
} from '../model/index.ts';
import { addressOf, checkUnmodified, userOf, type Call, type Handler, type Route } from './context.ts';
import { memberEntity } from './entities/members.ts';
import { isoTime, userBasic } from './entities/users.ts';
import { findSource, pathParam, type Source } from './lookup.ts';
import { projectLocked } from './members/add.ts';
import { archived, canAdminMembers, encompasses } from './members/rights.ts';
import { needsApproval } from './members/seats.ts';
import { validateMember } from './members/validate.ts';

function entity(call: Call, row: Member): Record<string, unknown> {
  const user = call.world.users.get(row.userId);
  return { ...(user ? userBasic(call, user) : {}), requested_at: isoTime(row.requestedAt) };
}

function list(kind: SourceKind): Handler {
  return (call) => {
    const source = findSource(call, kind);
    if (!canAdminMembers(call, source)) throw forbidden();
    return paginate(addressOf(call), requestsOf(call.world, kind, source.id), (row) => entity(call, row));
  };
}

/** Whether somebody reaches the source already, inherited membership included. */
function isMember(call: Call, source: Source, userId: number): boolean {
  if (source.kind === 'Project') return liveProjectLevel(call.world, userId, source.project) > 0;
  return reachOfUserOnGroup(call.world, userId, source.id).some((reach) => inForce(reach.row));
}

/** POST: asks for access for oneself. */
function ask(kind: SourceKind): Handler {
  return (call) => {
    const source = findSource(call, kind);
    const user = userOf(call);
    const open = source.kind === 'Group' ? source.group.requestAccessEnabled : source.project.requestAccessEnabled;
    if (!open || isMember(call, source, user.id) || projectLocked(call, source) || archived(call, source))
      throw forbidden();
    if (requestRow(call.world, kind, source.id, user.id)) throw refuse(400, { user_id: ['already exists in source'] });
    const row = addMember(call.world, {
      sourceKind: kind,
      sourceId: source.id,
      userId: user.id,
      accessLevel: ACCESS.DEVELOPER,
      requestedAt: call.world.clock.now(),
    });
    return json(201, entity(call, row));
  };
}

function requestOf(call: Call, source: Source): Member {
  const row = requestRow(call.world, source.kind, source.id, Number(pathParam(call, 'user_id')));
  if (!row) throw recordNotFound();
  return row;
}

/** PUT .../approve: 201 even where nothing was saved (docs/gitlab.md §access requests). */
function approve(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, { access_level: { type: 'int' } });
    const source = findSource(call, kind);
    if (archived(call, source)) throw forbidden();
    const row = requestOf(call, source);
    const wanted = sent.access_level ?? ACCESS.DEVELOPER;
    if (!canAdminMembers(call, source) || !encompasses(call, source, wanted)) throw forbidden();
    if (projectLocked(call, source)) return json(201, null);
    return save(call, source, row, wanted);
  };
}

function save(call: Call, source: Source, row: Member, wanted: number): Reply {
  const user = call.world.users.get(row.userId);
  if (!user) throw recordNotFound();
  const level = needsApproval(call, user, wanted) ? ACCESS.GUEST : wanted;
  const draft = { user, level, expiresAt: row.expiresAt, memberRoleId: null, isNew: false };
  const faults = validateMember(call, source, draft);
  if (Object.keys(faults).length === 0) changeMember(call.world, row, { accessLevel: level, requestedAt: null });
  return json(201, memberEntity(call, { row, level }, user));
}

/** DELETE: the source's manager refuses, or the requester withdraws. */
function drop(kind: SourceKind): Handler {
  return (call) => {
    const source = findSource(call, kind);
    const row = requestOf(call, source);
    checkUnmodified(call, row.updatedAt);
    if (row.userId !== userOf(call).id && (!canAdminMembers(call, source) || archived(call, source))) throw forbidden();
    removeMember(call.world, row);
    return NO_CONTENT;
  };
}

function routesOf(kind: SourceKind): Route[] {
  const base = `/${kind.toLowerCase()}s/:id/access_requests`;
  return [
    { method: 'GET', path: base, handler: list(kind) },
    { method: 'POST', path: base, handler: ask(kind) },
    { method: 'PUT', path: `${base}/:user_id/approve`, handler: approve(kind) },
    { method: 'DELETE', path: `${base}/:user_id`, handler: drop(kind) },
  ];
}

/** Requests to be let in. */
export const ACCESS_REQUEST_ROUTES: readonly Route[] = [...routesOf('Group'), ...routesOf('Project')];
