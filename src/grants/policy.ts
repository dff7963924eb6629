import { refuse } from '../errors.ts';
import type { SourceDetail, UserRecord } from '../gitlab/records.ts';
import type { GrantRow } from '../store/grants.ts';
import { LEVEL, isBesideTheLadder, isKnownLevel } from './levels.ts';
import type { Role } from './levels.ts';
import type { GrantInput } from './service.ts';
import type { GrantSettings } from './settings.ts';

const REASON_MAX_CHARS = 1_000;

const hours = (ms: number): string => `${String(Math.round(ms / 360_000) / 10)} hours`;

/** A reason is what makes access explainable afterwards. Throws `Refusal`. */
export function checkReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed !== '' && trimmed.length <= REASON_MAX_CHARS) return trimmed;
  throw refuse('INVALID_INPUT', `Give a reason of 1 to ${String(REASON_MAX_CHARS)} characters.`, ['reason']);
}

/** How long is asked for, against what is allowed (S19). Throws `Refusal`. */
export function checkTimes(
  input: Pick<GrantInput, 'durationMs' | 'expiresAt' | 'startsAt'>,
  now: Date,
  settings: GrantSettings,
): void {
  const { durationMs, expiresAt, startsAt } = input;
  if (durationMs !== null && expiresAt !== null) {
    throw refuse('INVALID_INPUT', 'Give duration or expiresAt, not both.', ['duration']);
  }
  if (durationMs === null && expiresAt === null) {
    if (settings.standing === 'allow') return;
    throw refuse('DURATION_NOT_ALLOWED', 'Access without an end is not allowed here. Give duration or expiresAt.', [
      'duration',
    ]);
  }
  const startMs = Math.max(startsAt?.getTime() ?? 0, now.getTime());
  if (expiresAt !== null && expiresAt.getTime() <= startMs) {
    throw refuse('INVALID_INPUT', 'expiresAt is not after the start. Give a later time.', ['expiresAt']);
  }
  const lengthMs = durationMs ?? (expiresAt?.getTime() ?? 0) - startMs;
  const field = durationMs === null ? 'expiresAt' : 'duration';
  if (lengthMs <= 0) throw refuse('INVALID_INPUT', 'The duration must be above zero.', [field]);
  if (lengthMs > settings.maxDurationMs) {
    throw refuse('DURATION_NOT_ALLOWED', `The longest grant allowed here is ${hours(settings.maxDurationMs)}.`, [
      field,
    ]);
  }
}

/** Minimal Access is what is left when somebody has nothing; it is restored, never granted. Throws `Refusal`. */
export function checkLevel(accessLevel: number): void {
  if (isKnownLevel(accessLevel) && accessLevel !== LEVEL.MINIMAL_ACCESS) return;
  throw refuse('LEVEL_NOT_ASSIGNABLE', 'This level cannot be granted. Ask for Guest or above.', ['accessLevel']);
}

/** Whether the person may be given or deprived of access at all (S41). Throws `Refusal`. */
export function checkManageable(
  user: UserRecord,
  gatewayUserIds: ReadonlySet<string>,
  target: SourceDetail,
  field: string[],
): void {
  const refusal = (why: string) => refuse('USER_NOT_MANAGEABLE', `${user.username} ${why}`, field);
  if (gatewayUserIds.has(user.id))
    throw refusal('is what Gatehouse itself acts as in this GitLab; its access is never changed here.');
  if (user.kind === 'TOKEN_BOT')
    throw refusal("is an access token's bot; GitLab manages its membership with the token.");
  if (user.kind === 'OTHER') throw refusal('is an internal user of GitLab.');
  const holder = target.namespace?.kind === 'user' ? target.namespace.fullPath.toLowerCase() : null;
  if (holder === user.username.toLowerCase()) throw refusal('owns the personal namespace that this project is in.');
}

/** Only somebody who can sign in is granted anything; a state we cannot read is not active. Throws `Refusal`. */
export function checkActive(user: UserRecord, field: string[]): void {
  if (user.state === 'ACTIVE') return;
  const state =
    user.state === null ? 'in a state that GitLab does not show' : user.state.toLowerCase().replaceAll('_', ' ');
  throw refuse('USER_INACTIVE', `${user.username} is ${state} in GitLab. Activate the account there first.`, field);
}

/** Whether memberships there are ours to write (S32). Throws `Refusal`. */
export function checkTarget(target: SourceDetail): void {
  const refusal = (why: string) => refuse('TARGET_LOCKED', `${target.fullPath} ${why}`, ['target']);
  if (target.markedForDeletionOn !== null) throw refusal('is marked for deletion in GitLab.');
  if (target.ldapLinked) throw refusal('is synchronised from LDAP. Grant on a subgroup or project without LDAP links.');
  if (target.samlLinked)
    throw refusal('is synchronised from SAML groups. Grant on a subgroup or project without SAML links.');
}

/** Roles that stand beside the ladder, and levels that we do not know (S39). Throws `Refusal`. */
export function checkOverOthers(wanted: Role, standing: Role | null, granted: readonly GrantRow[]): void {
  if (standing !== null && !isKnownLevel(standing.accessLevel)) {
    const message = `The user has access level ${String(standing.accessLevel)} here, which Gatehouse does not know and will not overwrite.`;
    throw refuse('LEVEL_NOT_ASSIGNABLE', message, ['accessLevel']);
  }
  if (!isBesideTheLadder(wanted.accessLevel)) return;
  const others = [...(standing === null ? [] : [standing]), ...granted];
  const above = others.find((role) => role.accessLevel > LEVEL.GUEST && role.accessLevel !== wanted.accessLevel);
  if (above === undefined || above.accessLevel === LEVEL.OWNER) return;
  const message = `This role stands beside the others: it cannot be granted over level ${String(above.accessLevel)}, which the user has here.`;
  throw refuse('LEVEL_NOT_ASSIGNABLE', message, ['accessLevel']);
}
