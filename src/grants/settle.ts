import type { Transaction } from 'kysely';
import { changeGrant, unendedGrants } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import { bringLookForward, changeKey, lockLeased } from '../store/ledger.ts';
import type { KeyChange, KeyRow, Lease } from '../store/ledger.ts';
import { lockWithNeighbours, neighbourKeys } from '../store/ledger-neighbours.ts';
import { changeRevocation } from '../store/revocations.ts';
import type { Tables } from '../store/tables.ts';
import { LEASE_MS, signature, storeOutsideChanges } from './attempt.ts';
import { queuedByList } from './approvals.ts';
import { auditGrant, auditRevocation } from './audit.ts';
import { backstopDate } from './backstop.ts';
import type { GrantsDeps } from './deps.ts';
import { followFrom } from './follow.ts';
import type { Observation } from './observe.ts';
import type { Decision } from './plan/types.ts';
import { failGrant } from './fail.ts';
import { lookNow } from './look.ts';
import type { ProblemCode } from './problems.ts';
import { nextPoll, pollFrom } from './polling.ts';
import { lateAfter, lateWrites, nextLateLook, standingBase } from './late.ts';
import { afterLook, awaitsApproval, watchedGrant } from './queued.ts';
import { idle } from './standing.ts';
import { GIVEN_UP, dueFrom, loadState, nextByTime } from './state.ts';
import type { KeyState } from './state.ts';

type Read = {
  state: KeyState;
  decision: Decision;
  observation: Observation;
  connectionId: string;
  /** The last write whose answer was heard, by the time of its intent. */
  answered: Date | null;
};
type Settling = Read & { now: Date; askedSince: Date | null };

/** `again`: verified times moved a date on the row, or the key changed meanwhile: look once more. */
export type Settled = 'lost' | 'again' | 'done';

async function activate(tx: Transaction<Tables>, grant: GrantRow, context: Settling): Promise<boolean> {
  const { decision, observation, now } = context;
  const rests = decision.effects.get(grant.id);
  if (rests === undefined) return false;
  const { effect, satisfiedBy, satisfiedByOurs } = rests;
  const dueAt = grant.status === 'ACTIVE' ? grant.dueAt : dueFrom(grant, now);
  // A date of ours: on a row that we made, and with FAIL_CLOSED also on one that stood before (S4, S5).
  const baseDate = decision.base === 'absent' ? null : decision.base.expiresAt;
  const dated = decision.ours !== null && observation.actual?.expiresAt !== baseDate;
  const shown = satisfiedBy === null ? null : { ...satisfiedBy.group, ours: satisfiedByOurs };
  const problem = lasting(grant.problem);
  const seen = {
    effect,
    satisfiedBy: shown,
    verifiedAt: now,
    problem,
    backstop: dated ? (observation.actual?.expiresAt ?? null) : null,
  };
  if (grant.status === 'ACTIVE') {
    await changeGrant(tx, grant.id, seen);
    if (grant.problem !== null && problem === null)
      await auditGrant(tx, now, grant, { action: 'GRANT_PROBLEM_SOLVED', says: 'in order again' });
    return false;
  }
  const base = decision.base === 'absent' ? null : decision.base;
  await changeGrant(tx, grant.id, { ...seen, ...followFrom(now), base, status: 'ACTIVE', activatedAt: now, dueAt });
  // GitLab turns a pending request into the row that we add, so the request is gone when that row is (S9).
  const accessRequestUsed = effect === 'ADDED' && context.state.key.intent?.usesRequest === 'yes';
  const until = dueAt === null ? ', until revoked' : ` until ${dueAt.toISOString()}`;
  await auditGrant(tx, now, grant, {
    action: 'GRANT_ACTIVATED',
    says: `active (${effect})${until}${accessRequestUsed ? '; a pending access request was used up by it' : ''}`,
    details: {
      effect,
      base: decision.base,
      row: observation.actual,
      dueAt: dueAt?.toISOString() ?? null,
      accessRequestUsed,
    },
  });
  // The date on our row was computed from the provisional due; it moves when the verified one falls on another day (S4).
  return dated && dueAt !== null && grant.dueAt !== null && backstopDate(dueAt) !== backstopDate(grant.dueAt);
}

/** Never active, and a read shows that GitLab holds nothing of it: it has FAILED (S31). */
async function giveUp(tx: Transaction<Tables>, grant: GrantRow, { now }: Settling): Promise<void> {
  await changeGrant(tx, grant.id, { endReason: null, verifiedAt: now });
  const message = grant.problem?.message ?? 'GitLab did not show the membership in time.';
  const code: ProblemCode = grant.problem?.code === 'PENDING_UPSTREAM' ? 'PENDING_UPSTREAM' : 'UPSTREAM_UNAVAILABLE';
  await failGrant(tx, grant, now, { code, message, retryAfterMs: null, userErrorCode: 'REFUSED_BY_GITLAB' });
}

async function end(tx: Transaction<Tables>, grant: GrantRow, context: Settling): Promise<void> {
  const { decision, observation, now } = context;
  const endReason = grant.endReason ?? 'EXPIRED';
  if (endReason === GIVEN_UP) {
    await giveUp(tx, grant, context);
    return;
  }
  await changeGrant(tx, grant.id, {
    status: 'ENDED',
    endReason,
    endedAt: now,
    ...(grant.activatedAt === null ? {} : followFrom(now)),
    verifiedAt: now,
    problem: null,
    backstop: null,
  });
  await auditGrant(tx, now, grant, {
    action: 'GRANT_ENDED',
    says: `ended (${endReason}); a read showed ${observation.actual === null ? 'no direct membership' : `level ${String(observation.actual.accessLevel)}`}`,
    details: { endReason, base: decision.base, row: observation.actual },
  });
}

/** Tampering stays in sight until the grant ends, though the row was put back (S13). */
const lasting = (problem: GrantRow['problem']): GrantRow['problem'] => (problem?.code === 'TAMPERED' ? problem : null);

/** Stores the key's next look, with what was `learned` of it, and queues the look unless it is a poll, which the sweep finds. */
export async function scheduleNext(
  deps: GrantsDeps,
  tx: Transaction<Tables>,
  keyId: string,
  at: Date | null,
  { pollAt = null, learned = {} }: { pollAt?: Date | null; learned?: KeyChange } = {},
): Promise<void> {
  await changeKey(tx, keyId, { ...learned, lookAt: earlier(at, pollAt) });
  if (at !== null && (pollAt === null || at <= pollAt)) await deps.jobs.lookAt(tx, keyId, at);
}

/**
 * Writes down the key as it is now, every revocation being proven. With nothing left on it, it is closed: the next grant
 * records a new base.
 */
async function keep(deps: GrantsDeps, tx: Transaction<Tables>, key: KeyRow, context: Settling): Promise<void> {
  const left = await unendedGrants(tx, key.id);
  const begun = left.some((grant) => grant.status !== 'SCHEDULED');
  const { base, ours } = context.decision;
  const kept = begun ? { base, ours } : { base: null, ours: null };
  const same = key.intent === null && key.attempts === 0 && sameLedger(key, kept);
  const { now, connectionId, answered, observation } = context;
  const { actual, listed } = observation;
  const grantId = context.state.grants[0]?.id ?? watchedGrant(key);
  const unheard = await queuedByList(tx, key, { listed, late: lateWrites(key), answered, base, grantId });
  const found = unheard === null ? {} : { queued: unheard, queuedConnectionId: connectionId };
  const watching = idle(context.state);
  const queued = { ...found, ...afterLook({ ...key, ...found }, { ...context, watching, begun }) };
  const seen = { answered, actual, listed, now, connectionId, grantId, base: begun ? base : standingBase(actual) };
  const late = await lateAfter(tx, key, seen);
  const learned = {
    ...(same ? {} : { ...kept, intent: null, attempts: 0 }),
    ...queued,
    ...late,
    ...placeAfter(key, observation, begun, now),
  };
  const after = { ...key, ...queued, ...late };
  const poll = nextPoll(left, now) ?? (awaitsApproval(after, now) ? pollFrom(now) : null);
  const pollAt = earlier(poll, nextLateLook(after, now));
  const next = earlier(context.askedSince, nextByTime(left, deps.settings));
  await scheduleNext(deps, tx, key.id, next, { pollAt, learned });
}

/** Where the key is when its grants begin: what a move changes is told by it (S29). */
function placeAfter(key: KeyRow, { place }: Observation, begun: boolean, now: Date): KeyChange {
  if (!begun) return key.place === null ? {} : { place: null, placeAt: null };
  return key.place === null && place !== null ? { place, placeAt: now } : {};
}

function sameLedger(a: Pick<KeyRow, 'base' | 'ours'>, b: Pick<KeyRow, 'base' | 'ours'>): boolean {
  return JSON.stringify([a.base, a.ours]) === JSON.stringify([b.base, b.ours]);
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b < a) ? b : a);

/** When somebody asked for a look after the one under way had begun: it may be about what came after its read. */
function askedSince(loaded: KeyRow, locked: KeyRow): Date | null {
  return loaded.lookAt?.getTime() === locked.lookAt?.getTime() ? null : locked.lookAt;
}

/** A read showed what is wanted: stores it, with every change of state and its audit event, in one transaction (S2, S36). */
export async function settle(deps: GrantsDeps, lease: Lease, read: Read): Promise<Settled> {
  const now = await deps.store.clock.now();
  const expired: GrantRow[] = [];
  const endsInGroup =
    read.state.key.source.kind === 'group' && read.state.grants.some(({ status }) => status === 'ENDING');
  const settled = await deps.store.transaction<Settled>(async (tx) => {
    if (endsInGroup) await lockWithNeighbours(tx, read.state.key);
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return 'lost';
    const fresh = await loadState(tx, key, now, deps.settings);
    if (signature(fresh) !== signature(read.state)) return 'again';
    const context: Settling = { ...read, state: fresh, now, askedSince: askedSince(read.state.key, key) };
    await storeOutsideChanges(tx, context);
    let again = false;
    let endedAny = false;
    const changed = read.decision.notices.length > 0 || read.decision.ends.length > 0;
    for (const grant of changed ? await unendedGrants(tx, key.id) : fresh.grants) {
      if (grant.status === 'ENDING') {
        await end(tx, grant, context);
        endedAny = true;
        if (grant.endReason === 'EXPIRED') expired.push(grant);
      } else if (await activate(tx, grant, context)) again = true;
    }
    for (const revocation of fresh.revocations) {
      await changeRevocation(tx, revocation.id, { verifiedAt: now, problem: null });
      await auditRevocation(tx, now, revocation, {
        action: 'REVOCATION_VERIFIED',
        says: 'a read showed no direct membership',
      });
    }
    // A grant that was asked for after the revocation has waited for its proof (S38).
    const waited = fresh.revocations.length > 0 && fresh.grants.some(({ status }) => status === 'ACTIVATING');
    await keep(deps, tx, key, context);
    // Stored, so that whoever comes after a crash here looks again too.
    if (again || waited) await bringLookForward(tx, key.id, now);
    // What rested on this grant, in groups and projects below, may have to be added or restored now (S8, S30).
    if (endedAny && key.source.kind === 'group') {
      for (const keyId of await neighbourKeys(tx, key)) await lookNow(deps, tx, keyId, now);
    }
    return again || waited ? 'again' : 'done';
  });
  for (const { dueAt } of expired) {
    if (dueAt !== null) deps.onEvent?.({ kind: 'expiryVerified', lateMs: now.getTime() - dueAt.getTime() });
  }
  return settled;
}
