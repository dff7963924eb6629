import type { Transaction } from 'kysely';
import { changeGrant, unendedGrants } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import type { KeyRow } from '../store/ledger.ts';
import { pendingRevocations } from '../store/revocations.ts';
import type { RevocationRow } from '../store/revocations.ts';
import type { Tables } from '../store/tables.ts';
import { auditGrant } from './audit.ts';
import type { PlanGrant } from './plan/types.ts';
import { isPending } from './approvals.ts';
import type { GrantSettings } from './settings.ts';

/** All that is stored of a key and what rests on it, as of one transaction. */
export type KeyState = { key: KeyRow; grants: GrantRow[]; revocations: RevocationRow[] };

/** When the grant ends if it begins (or is verified) at `from`; null: stands until revoked. */
export function dueFrom(grant: Pick<GrantRow, 'untilAt' | 'durationMs'>, from: Date): Date | null {
  if (grant.untilAt !== null) return grant.untilAt;
  return grant.durationMs === null ? null : new Date(from.getTime() + grant.durationMs);
}

/** Why a grant is ending that has FAILED once a read shows that GitLab holds nothing of it (S31). */
export const GIVEN_UP = 'GIVEN_UP';

type Transition = { status: GrantRow['status']; endReason?: string; says: string };

const past = (time: Date | null, now: Date): boolean => time !== null && time.getTime() <= now.getTime();

/** What time alone does to a grant, nobody asking. Null: nothing. */
export function transitionByTime(
  grant: GrantRow,
  now: Date,
  context: { writeUnderWay: boolean; queued: boolean; settings: GrantSettings },
): Transition | null {
  if (grant.status === 'SCHEDULED') {
    if (!past(grant.startsAt, now)) return null;
    if (past(grant.untilAt, now)) return { status: 'FAILED', says: 'its end had passed before it could start' };
    return { status: 'ACTIVATING', says: 'its start has come' };
  }
  if (grant.status === 'ACTIVE' && past(grant.dueAt, now)) {
    return { status: 'ENDING', endReason: 'EXPIRED', says: 'its time is up' };
  }
  if (grant.status !== 'ACTIVATING') return null;
  // Once a write may be under way, the grant is worked like one that is active: it ends, and a read proves it (S1).
  // What GitLab only queued gave nothing yet: its clock has not started (S31).
  if (context.writeUnderWay && !context.queued && past(grant.dueAt, now)) {
    return { status: 'ENDING', endReason: 'EXPIRED', says: 'its time was up before GitLab had shown it' };
  }
  const begunAt = grant.startsAt ?? grant.requestedAt;
  const givenUpAt = new Date(begunAt.getTime() + context.settings.activationTtlMs);
  if (!past(givenUpAt, now) && !past(grant.untilAt, now)) return null;
  if (context.writeUnderWay)
    return { status: 'ENDING', endReason: GIVEN_UP, says: 'given up: GitLab did not show it in time' };
  return { status: 'FAILED', says: 'given up: it could not be made active in time' };
}

/** Loads a locked key's grants and revocations and applies what time did to them, each change with its audit event. */
export async function loadState(
  tx: Transaction<Tables>,
  key: KeyRow,
  now: Date,
  settings: GrantSettings,
): Promise<KeyState> {
  const stored = await unendedGrants(tx, key.id);
  let changed = false;
  for (const grant of stored) {
    const context = { writeUnderWay: key.intent !== null, queued: isPending(key), settings };
    const transition = transitionByTime(grant, now, context);
    if (transition === null) continue;
    changed = true;
    const { status, endReason, says } = transition;
    await changeGrant(tx, grant.id, {
      status,
      ...(endReason === undefined ? {} : { endReason }),
      ...(status === 'FAILED' ? { endedAt: now } : {}),
    });
    const action = status === 'ACTIVATING' ? 'GRANT_STARTED' : status === 'FAILED' ? 'GRANT_FAILED' : 'GRANT_ENDING';
    await auditGrant(tx, now, grant, { action, says });
  }
  const grants = changed ? await unendedGrants(tx, key.id) : stored;
  return { key, grants, revocations: await pendingRevocations(tx, key.id) };
}

/** The grants that have begun, as the plan takes them; one that is not verified yet would end counted from this attempt (S1). */
export function planGrants(grants: readonly GrantRow[], now: Date): PlanGrant[] {
  return grants.flatMap((grant) => {
    if (grant.status !== 'ACTIVATING' && grant.status !== 'ACTIVE' && grant.status !== 'ENDING') return [];
    return [
      {
        id: grant.id,
        role: { accessLevel: grant.accessLevel, memberRoleId: grant.memberRoleId },
        status: grant.status,
        dueAt: grant.status === 'ACTIVATING' ? dueFrom(grant, now) : grant.dueAt,
        effect: grant.effect,
        satisfiedByOurs: grant.satisfiedBy?.ours ?? false,
      },
    ];
  });
}

/** When time alone will next ask for a look; null: never. */
export function nextByTime(grants: readonly GrantRow[], settings: GrantSettings): Date | null {
  const times = grants.flatMap((grant) => {
    if (grant.status === 'SCHEDULED') return grant.startsAt === null ? [] : [grant.startsAt];
    if (grant.status === 'ACTIVE') return grant.dueAt === null ? [] : [grant.dueAt];
    if (grant.status !== 'ACTIVATING') return [];
    const begunAt = grant.startsAt ?? grant.requestedAt;
    return [new Date(begunAt.getTime() + settings.activationTtlMs)];
  });
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}
