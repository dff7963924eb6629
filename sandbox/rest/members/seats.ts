import { hasPlan, queuePromotion, rootOf, rowsOfUser, type Promotion, type User } from '../../model/index.ts';
import type { Asker } from '../context.ts';
import type { Source } from '../lookup.ts';
import { usersInTree } from './validate.ts';

/** Whether one more person finds no seat in the root group that a rule about seats looks at. */
export function seatsExhausted(call: Asker, source: Source, user: User, rule: 'block_overages' | 'user_cap'): boolean {
  const root = rootOf(call.world, source.kind, source.id);
  if (root?.seatControl !== rule || root.seats === null || user.userType !== 'human') return false;
  const users = usersInTree(call, root);
  return !users.has(user.id) && users.size >= root.seats;
}

/** Whether somebody has a role anywhere that costs money: on Ultimate a Guest does not. */
function isBillable(call: Asker, user: User): boolean {
  return [...rowsOfUser(call.world, user.id)].some((row) => row.requestedAt === null && row.accessLevel > 10);
}

/** Whether a promotion waits for an administrator instead of being carried out. */
export function needsApproval(call: Asker, user: User, level: number): boolean {
  const { settings } = call.world;
  if (!settings.promotionApproval || !hasPlan(settings, 'ultimate') || call.viewer.admin) return false;
  return user.userType === 'human' && level > 10 && !isBillable(call, user);
}

/** A membership as somebody asked for it. */
export interface Wanted {
  readonly level: number;
  /** Null also where no date was sent. */
  readonly expiresAt: string | null;
  readonly memberRoleId: number | null;
}

/** Puts a membership before the administrators instead of saving it. */
export function queue(call: Asker, source: Source, user: User, wanted: Wanted): Promotion {
  return queuePromotion(call.world, {
    sourceKind: source.kind,
    sourceId: source.id,
    userId: user.id,
    accessLevel: wanted.level,
    expiresAt: wanted.expiresAt,
    memberRoleId: wanted.memberRoleId,
    requestedById: call.viewer.user?.id ?? null,
  });
}

/** What the API says of a queued promotion. */
export const QUEUED = 'Request queued for administrator approval.';
