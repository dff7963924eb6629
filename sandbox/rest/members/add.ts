import { check, type Checked } from '../../http/params.ts';
import { forbidden, json, notFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  addMember,
  changeMember,
  directRow,
  hasPlan,
  requestRow,
  rootOf,
  type Member,
  type SourceKind,
  type User,
} from '../../model/index.ts';
import { userOf, type Call, type Handler } from '../context.ts';
import { memberEntity } from '../entities/members.ts';
import { findSource, type Source } from '../lookup.ts';
import { addMany } from './bulk.ts';
import { canAdd, canManageOwners, encompasses } from './rights.ts';
import { needsApproval, queue, QUEUED, seatsExhausted, type Wanted } from './seats.ts';
import { validateMember } from './validate.ts';

const RULES = {
  access_level: { type: 'int', required: true },
  user_id: { type: 'string' },
  username: { type: 'string' },
  expires_at: { type: 'date' },
  member_role_id: { type: 'int' },
  invite_source: { type: 'string' },
} as const;
export type AddParams = Checked<typeof RULES>;

/** POST .../members: one user with every check in GitLab's order, or a comma list (docs/gitlab.md §add member). */
export function addMembers(kind: SourceKind): Handler {
  return (call) => {
    const names = ['user_id', 'username'];
    const sent = check(call.params, RULES, { exclusive: names, atLeastOne: names });
    const source = findSource(call, kind);
    userOf(call);
    const list = sent.user_id?.includes(',') === true || sent.username?.includes(',') === true;
    return list ? addMany(call, source, sent) : addOne(call, source, sent);
  };
}

function addOne(call: Call, source: Source, sent: AddParams): Reply {
  const level = sent.access_level ?? 0;
  const user = namedUser(call, sent);
  if (conflicts(call, source, user)) throw refuse(409, 'Member already exists');
  if (source.kind === 'Project' && level === ACCESS.OWNER && !canManageOwners(call, source)) throw forbidden();
  checkLocks(call, source, user);
  const queued = needsApproval(call, user, level);
  if (!queued) {
    if (!canAdd(call, source, user)) throw forbidden();
    if (!encompasses(call, source, level)) {
      const text = `${user.username}: the member access level can't be higher than the current user's one`;
      throw refuse(400, text, { status: 'error' });
    }
  }
  const memberRoleId = roleOf(call, sent.member_role_id);
  const expiresAt = sent.expires_at ?? null;
  const faults = validateMember(call, source, { user, level, expiresAt, memberRoleId, isNew: true });
  if (Object.keys(faults).length > 0) throw refuse(400, faults);
  if (queued) {
    queue(call, source, user, { level, expiresAt, memberRoleId });
    return json(202, { message: { [user.username]: QUEUED } });
  }
  const row = saveNew(call, source, user, { level, expiresAt, memberRoleId });
  return json(201, memberEntity(call, { row, level }, user));
}

/** A single user: usernames must match letter case exactly. Looked up before any right is tested. */
function namedUser(call: Call, sent: AddParams): User {
  const { world } = call;
  const byId = /^\d+$/.test(sent.user_id ?? '') ? world.users.get(Number(sent.user_id)) : undefined;
  const byName = world.index.userByName.get(sent.username?.toLowerCase() ?? '');
  const user = sent.username === undefined ? byId : byName?.username === sent.username ? byName : undefined;
  if (!user) throw notFound('User');
  return user;
}

/** A direct row conflicts, awaiting ones too; Minimal Access in a group is upgraded instead. */
function conflicts(call: Call, source: Source, user: User): boolean {
  const row = directRow(call.world, source.kind, source.id, user.id);
  return row !== undefined && !(source.kind === 'Group' && row.accessLevel === ACCESS.MINIMAL);
}

function checkLocks(call: Call, source: Source, user: User): void {
  if (projectLocked(call, source)) throw refuse(405, '405 Method Not Allowed');
  const quota = call.world.settings.inviteLimitPerDay;
  if (quota !== null && addedToday(call, source) >= quota) {
    throw refuse(400, `Invite limit of ${String(quota)} per day exceeded.`, {
      status: 'error',
      reason: 'too_many_invites_error',
    });
  }
  if (!seatsExhausted(call, source, user, 'block_overages')) return;
  const ask = canManageOwners(call, source) ? '' : ' Ask a user with the Owner role to purchase more seats.';
  throw refuse(400, `There are not enough available seats to invite this many users.${ask}`, {
    status: 'error',
    reason: 'seat_limit_exceeded_error',
  });
}

/** A project directly under a group whose membership is locked takes nobody. */
export function projectLocked(call: Call, source: Source): boolean {
  if (source.kind !== 'Project' || source.project.groupId === null) return false;
  const group = call.world.groups.get(source.project.groupId);
  return group?.membershipLock === true && hasPlan(call.world.settings, 'premium');
}

function addedToday(call: Call, source: Source): number {
  const root = rootOf(call.world, source.kind, source.id);
  const sinceMs = call.world.clock.now() - 86_400_000;
  let count = 0;
  for (const row of call.world.members.values()) {
    if (row.createdAt <= sinceMs || row.createdById === null) continue;
    if (rootOf(call.world, row.sourceKind, row.sourceId)?.id === root?.id) count += 1;
  }
  return count;
}

/** Custom roles count on Ultimate only; elsewhere the parameter is ignored. */
export function roleOf(call: Call, sent: number | null | undefined): number | null {
  if (sent == null || !hasPlan(call.world.settings, 'ultimate')) return null;
  if (!call.world.memberRoles.has(sent)) throw refuse(400, { member_role: ['not found'] });
  return sent;
}

/** Saves a membership: a pending request is approved, a Minimal Access row upgraded, else a row made. */
export function saveNew(call: Call, source: Source, user: User, wanted: Wanted): Member {
  const { world } = call;
  const callerId = userOf(call).id;
  const state = seatsExhausted(call, source, user, 'user_cap') ? 'awaiting' : 'active';
  const { level: accessLevel, expiresAt, memberRoleId } = wanted;
  const change = { accessLevel, expiresAt, memberRoleId, state } as const;
  const known = directRow(world, source.kind, source.id, user.id) ?? requestRow(world, source.kind, source.id, user.id);
  if (known) {
    changeMember(world, known, { ...change, requestedAt: null, createdById: known.createdById ?? callerId });
    return known;
  }
  const place = { sourceKind: source.kind, sourceId: source.id, userId: user.id };
  return addMember(world, { ...place, ...change, createdById: callerId });
}
