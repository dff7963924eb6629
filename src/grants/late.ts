import type { Transaction } from 'kysely';
import { findConnection } from '../store/connections.ts';
import type { KeyChange, KeyRow } from '../store/ledger.ts';
import type { Base, Intent, Late, LateWrite } from '../store/snapshots.ts';
import type { Tables } from '../store/tables.ts';
import { mayQueue, unheardIntent } from './approvals.ts';
import type { Listed } from './approvals.ts';
import { datePassed } from './backstop.ts';
import { LEVEL } from './levels.ts';
import type { Observation } from './observe.ts';
import { sameRow, toSnapshot } from './plan/interpret.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A first look comes this soon, the next after twice as long, and so on up to a day: what lands late mostly lands soon. */
const FIRST_LOOK_MS = 5_000;
const LONGEST_PAUSE_MS = DAY_MS;
/**
 * A changed row does not tell who changed it, and an hour later it is far more likely that a person wanted it so. GitLab ends a
 * request itself after a minute, so an hour is generous.
 */
const CHANGE_MAY_LAND_MS = HOUR_MS;
/** An added row names its maker, so it can be told from all others for long. */
const ADD_MAY_LAND_MS = 90 * DAY_MS;
/** GitLab may have queued it while nobody was there to hear so, and cannot be asked: then it lands when somebody approves it (S31). */
const APPROVAL_MAY_LAND_MS = 90 * DAY_MS;

function mayLandForMs({ adds, approval }: LateWrite): number {
  if (adds) return ADD_MAY_LAND_MS;
  return approval === 'suspected' ? APPROVAL_MAY_LAND_MS : CHANGE_MAY_LAND_MS;
}

function mayLand(write: LateWrite, now: Date): boolean {
  if (now.getTime() - write.last.getTime() >= mayLandForMs(write)) return false;
  // GitLab makes no row whose end date has passed.
  return !write.adds || !datePassed(write.want.expiresAt, new Date(now.getTime() - DAY_MS));
}

/**
 * The writes of the key that may have landed since it was last looked at. Those that cannot land any more are forgotten by the look
 * that comes after that, and not before, however long nobody could look.
 */
export const lateWrites = ({ late }: Pick<KeyRow, 'late'>): LateWrite[] => late?.writes ?? [];

/** When to look for what may land, the last time when it no longer can; null: nothing may. */
export function nextLateLook(key: Pick<KeyRow, 'late'>, now: Date): Date | null {
  const times = lateWrites(key).map((write) => {
    const passedMs = now.getTime() - write.last.getTime();
    const pauseMs = Math.min(Math.max(passedMs, FIRST_LOOK_MS), LONGEST_PAUSE_MS);
    return Math.min(now.getTime() + pauseMs, Math.max(write.last.getTime() + mayLandForMs(write), now.getTime()));
  });
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Who sent a write, and for what. */
export type SentBy = { grantId: string | null; byUserId: string | null };

/** By whom the writes of a connection are made, in GitLab's eyes; the connection may be deleted while they are under way. */
export async function sentThrough(
  tx: Transaction<Tables>,
  connectionId: string,
  grantId: string | null,
): Promise<SentBy> {
  return { grantId, byUserId: (await findConnection(tx, connectionId))?.gitlabUserId ?? null };
}

function withWrite(writes: readonly LateWrite[], intent: Intent, sentBy: SentBy): LateWrite[] {
  const { want, at, before, usesRequest } = intent;
  if (want === 'absent') return [...writes];
  const adds = before === 'absent';
  const same = writes.find((write) => write.adds === adds && sameRow(write.want, want));
  if (same !== undefined) return writes.map((write) => (write === same ? { ...write, last: at } : write));
  const approval = mayQueue(intent) ? { approval: 'possible' as const } : {};
  return [...writes, { want, adds, usesRequest, since: at, last: at, ...sentBy, ...approval }];
}

type Seen = {
  /** When the last write was decided whose answer this process heard. */ answered: Date | null;
  actual: Observation['actual'];
  /** Null: not asked for. */
  listed: Listed | null;
};

/** Where GitLab's list cannot be read, a write may wait there unseen; who takes a seat by now was given it without the queue. */
function judged(write: LateWrite, { listed, actual }: Seen): LateWrite {
  if (write.approval === undefined || listed === null) return write;
  const unseen = listed === 'unread' && (actual === null || actual.accessLevel <= LEVEL.GUEST);
  return { ...write, approval: unseen ? 'suspected' : 'possible' };
}

/**
 * Whether the stored intent is of a write that may still be under way: nobody heard its answer, and the row that was just
 * read is not what it shall leave.
 */
function mayBeUnderWay(key: Pick<KeyRow, 'intent' | 'queued'>, { answered, actual }: Seen): boolean {
  const intent = unheardIntent(key, answered);
  if (intent === null || intent.want === 'absent') return false;
  return actual === null || !sameRow(actual, intent.want);
}

/**
 * What may still land at the key once its intent is replaced or closed. `base`: what stands there, should nothing be left.
 */
export async function lateAfter(
  tx: Transaction<Tables>,
  key: Pick<KeyRow, 'intent' | 'queued' | 'late'>,
  seen: Seen & { base: Base; now: Date; connectionId: string; grantId: string | null },
): Promise<KeyChange> {
  const standing = lateWrites(key);
  const { intent } = key;
  const writes =
    intent !== null && mayBeUnderWay(key, seen)
      ? withWrite(standing, intent, await sentThrough(tx, seen.connectionId, seen.grantId))
      : standing;
  const left = writes.map((write) => judged(write, seen)).filter((write) => mayLand(write, seen.now));
  if (left.length === 0) return key.late === null ? {} : { late: null };
  const late: Late = { base: seen.base, writes: left };
  return JSON.stringify(late) === JSON.stringify(key.late) ? {} : { late };
}

/** What stands at a key that is closed. */
export const standingBase = (actual: Observation['actual']): Base => (actual === null ? 'absent' : toSnapshot(actual));
