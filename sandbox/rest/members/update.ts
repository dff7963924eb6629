import { check, type Checked } from '../../http/params.ts';
import { forbidden, json, recordNotFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  changeMember,
  hasPlan,
  isLastOwner,
  type Member,
  type SourceKind,
  type User,
} from '../../model/index.ts';
import { userOf, type Asker, type Call, type Handler } from '../context.ts';
import { memberEntity } from '../entities/members.ts';
import { findSource, type Source } from '../lookup.ts';
import { roleOf } from './add.ts';
import { rowOf } from './list.ts';
import {
  callerLevel,
  canAdminMembers,
  canManageOwners,
  encompasses,
  globallyLocked,
  isNamespaceHolder,
} from './rights.ts';
import { needsApproval, queue, QUEUED, seatsExhausted } from './seats.ts';
import { validateMember } from './validate.ts';

const RULES = {
  access_level: { type: 'int', required: true },
  expires_at: { type: 'date' },
  member_role_id: { type: 'int' },
} as const;
type Sent = Checked<typeof RULES>;

/** PUT .../members/:user_id: only what was sent changes; by an old project path it is carried out all the same. */
export function updateMember(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, RULES);
    const source = findSource(call, kind, { followMoves: true });
    const row = rowOf(call, source);
    const user = call.world.users.get(row.userId);
    if (!user) throw recordNotFound();
    userOf(call);
    if (!mayUpdate(call, source, row, user)) throw forbidden();
    return apply(call, source, row, user, sent);
  };
}

/** Whether the caller may change a row at all (docs/gitlab.md §change member). */
export function mayUpdate(call: Asker, source: Source, row: Member, user: User): boolean {
  if (!canAdminMembers(call, source)) return false;
  if (isLastOwner(call.world, row) || user.userType === 'project_bot') return false;
  if (row.ldap && !row.override) return false;
  if (globallyLocked(call, source) || isNamespaceHolder(source, row)) return false;
  return source.kind === 'Group' || row.accessLevel !== ACCESS.OWNER || canManageOwners(call, source);
}

function apply(call: Call, source: Source, row: Member, user: User, sent: Sent): Reply {
  const level = sent.access_level ?? 0;
  if (level > row.accessLevel && seatsExhausted(call, source, user, 'block_overages')) {
    throw refuse(400, { base: ['Could not update role because there are no available seats in this group'] });
  }
  if (level !== row.accessLevel && !mayReach(call, source, row, level)) throw forbidden();
  const memberRoleId = wantedRole(call, row, sent, level);
  const expiresAt = 'expires_at' in sent ? sent.expires_at : row.expiresAt;
  const faults = validateMember(call, source, { user, level, expiresAt, memberRoleId, isNew: false });
  if (Object.keys(faults).length > 0) throw refuse(400, faults);
  if (level > row.accessLevel && needsApproval(call, user, level)) {
    queue(call, source, user, { level, expiresAt: sent.expires_at ?? null, memberRoleId });
    return json(202, { message: { [user.username]: QUEUED } });
  }
  const changed = level !== row.accessLevel || expiresAt !== row.expiresAt || memberRoleId !== row.memberRoleId;
  if (changed) changeMember(call.world, row, { accessLevel: level, expiresAt, memberRoleId });
  return json(200, memberEntity(call, { row, level }, user));
}

/** Downwards up to what the member has already, upwards to the caller's own level; nobody raises themselves. */
export function mayReach(call: Asker, source: Source, row: Member, level: number): boolean {
  if (call.viewer.admin) return true;
  if (row.userId === call.viewer.user?.id && level > row.accessLevel) return false;
  if (level === ACCESS.PLANNER) return encompasses(call, source, level);
  return level <= Math.max(row.accessLevel, callerLevel(call, source));
}

/** The custom role after the change. A new level without a word on an existing role is refused. */
function wantedRole(call: Call, row: Member, sent: Sent, level: number): number | null {
  if (!hasPlan(call.world.settings, 'ultimate')) return row.memberRoleId;
  if ('member_role_id' in sent) return roleOf(call, sent.member_role_id);
  if (row.memberRoleId !== null && level !== row.accessLevel) {
    throw refuse(400, {
      member_role_id: ["the custom role's base access level does not match the current access level"],
      access_level: ['cannot be changed because of an existing association with a custom role'],
    });
  }
  return row.memberRoleId;
}
