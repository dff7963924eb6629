import { forbidden, json, type Reply } from '../../http/reply.ts';
import { ACCESS, changeMember, directRow, isLastOwner, type User } from '../../model/index.ts';
import type { Call } from '../context.ts';
import type { Source } from '../lookup.ts';
import { projectLocked, roleOf, saveNew, type AddParams } from './add.ts';
import { canAdd, canAdminMembers, canManageOwners, encompasses } from './rights.ts';
import { needsApproval, queue, QUEUED, seatsExhausted } from './seats.ts';
import { sentence, validateMember } from './validate.ts';

const MOST = 100;

/** A service hash: 201 whatever happened. */
function answer(body: Record<string, unknown>): Reply {
  return json(201, body);
}

/**
 * A comma list of users is an upsert that always answers 201: who is a direct member already is changed, the others
 * are added, and what went wrong stands in the body while the rest was saved (docs/gitlab.md §comma list).
 */
export function addMany(call: Call, source: Source, sent: AddParams): Reply {
  const level = sent.access_level ?? 0;
  if (source.kind === 'Project' && level === ACCESS.OWNER && !canManageOwners(call, source)) throw forbidden();
  if (projectLocked(call, source)) {
    const message = 'Members::CreateService::MembershipLockedError';
    return answer({ status: 'error', message, reason: 'membership_locked_error' });
  }
  const names = (sent.user_id ?? sent.username ?? '').split(',').map((item) => item.trim());
  if (names.length > MOST) {
    const message = `Too many users specified (limit is ${String(MOST)})`;
    return answer({ status: 'error', message, reason: 'too_many_invites_error' });
  }
  const users = names.flatMap((name) => named(call, sent.user_id === undefined, name) ?? []);
  if (users.length === 0 && sent.username !== undefined) {
    return answer({ status: 'error', message: 'No users specified.', reason: 'blank_invites_error' });
  }
  if (users.some((user) => seatsExhausted(call, source, user, 'block_overages'))) {
    const message = 'There are not enough available seats to invite this many users.';
    return answer({ status: 'error', message, reason: 'seat_limit_exceeded_error' });
  }
  return saveAll(call, source, users, sent);
}

function named(call: Call, byName: boolean, text: string): User | undefined {
  const { world } = call;
  if (!byName) return world.users.get(Number(text));
  const user = world.index.userByName.get(text.toLowerCase());
  return user?.username === text ? user : undefined;
}

function saveAll(call: Call, source: Source, users: readonly User[], sent: AddParams): Reply {
  const problems: string[] = [];
  const queued: Record<string, string> = {};
  let denied = false;
  for (const user of users) {
    const outcome = saveOne(call, source, user, sent);
    if (outcome === 'queued') queued[user.username] = QUEUED;
    else if (outcome !== 'saved') {
      problems.push(`${user.username}: ${outcome.message}`);
      denied ||= outcome.denied;
    }
  }
  const waiting = Object.keys(queued).length > 0 ? { queued_users: queued } : {};
  if (problems.length === 0) return answer({ status: 'success', ...waiting });
  const rights = denied ? { http_status: 'unauthorized' } : {};
  return answer({ status: 'error', message: problems.join(' and '), ...rights, ...waiting });
}

type Outcome = 'saved' | 'queued' | { readonly message: string; readonly denied: boolean };

function saveOne(call: Call, source: Source, user: User, sent: AddParams): Outcome {
  const level = sent.access_level ?? 0;
  const known = directRow(call.world, source.kind, source.id, user.id);
  const queued = needsApproval(call, user, level);
  if (!queued) {
    const allowed = known
      ? canAdminMembers(call, source) && !isLastOwner(call.world, known)
      : canAdd(call, source, user);
    if (!allowed) return { message: 'not authorized to create member', denied: true };
    if (!encompasses(call, source, level)) {
      return { message: "the member access level can't be higher than the current user's one", denied: false };
    }
  }
  const memberRoleId = roleOf(call, sent.member_role_id);
  const expiresAt = sent.expires_at ?? null;
  const faults = validateMember(call, source, { user, level, expiresAt, memberRoleId, isNew: !known });
  if (Object.keys(faults).length > 0) return { message: sentence(faults), denied: false };
  if (queued) {
    queue(call, source, user, { level, expiresAt, memberRoleId });
    return 'queued';
  }
  if (known) changeMember(call.world, known, { accessLevel: level, expiresAt, memberRoleId });
  else saveNew(call, source, user, { level, expiresAt, memberRoleId });
  return 'saved';
}
