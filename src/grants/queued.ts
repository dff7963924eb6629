import { changeKey, lockLeased } from '../store/ledger.ts';
import type { KeyChange, KeyRow, Lease } from '../store/ledger.ts';
import { isPending, mayQueue, noLongerListed, unheardIntent } from './approvals.ts';
import { LEASE_MS } from './attempt.ts';
import type { GrantsDeps } from './deps.ts';
import { lateWrites, sentThrough } from './late.ts';
import { compareRoles } from './levels.ts';
import type { Observation } from './observe.ts';
import type { Decision, Intent, LateWrite, Step } from './plan/types.ts';
import { approvedAs } from './plan/interpret.ts';
import { idle } from './standing.ts';
import type { KeyState } from './state.ts';

/** GitLab's approval queue cannot be taken back, so a key with something in it is watched for so long (S31). */
const WATCH_MS = 90 * 24 * 3_600_000;

/** Nothing queued is expected to come any more. */
export const NOT_QUEUED: KeyChange = { queued: null, queuedConnectionId: null };

/** Nothing is expected to come of any write there, and where the key is needs not be remembered. */
export const NOT_WATCHED: KeyChange = { ...NOT_QUEUED, late: null, place: null, placeAt: null };

/** GitLab may still carry out what it queued there. */
export function awaitsApproval({ queued }: Pick<KeyRow, 'queued'>, now: Date): boolean {
  return queued !== null && now.getTime() - queued.intent.at.getTime() < WATCH_MS;
}

/** Something may still come of a write there, though nothing rests on the key. */
export function watched(key: Pick<KeyRow, 'queued' | 'late'>, now: Date): boolean {
  return awaitsApproval(key, now) || lateWrites(key).length > 0;
}

/** The grant that a watched write was sent for. */
export const watchedGrant = ({ queued, late }: Pick<KeyRow, 'queued' | 'late'>): string | null =>
  queued?.grantId ?? late?.writes[0]?.grantId ?? null;

/** What is recorded of the row: of a closed key, what stood when it was closed, which a write that came late may have changed since. */
export function ledgerOf(
  key: KeyRow,
): Pick<KeyRow, 'base' | 'ours' | 'intent'> & { late: LateWrite[]; queued: Intent | null } {
  const { base, ours, intent } = key;
  const late = lateWrites(key);
  const queued = key.queued?.intent ?? null;
  if (base !== null) return { base, ours, intent, late, queued };
  const before = key.queued?.base ?? (late.length > 0 ? (key.late?.base ?? null) : null);
  return { base: before, ours: null, intent: null, late, queued };
}

/** The same role was put before GitLab's administrators already, and the row does not have it: asking again gives nothing. */
export function asksAgain(key: KeyRow, step: Step, actual: Observation['actual']): boolean {
  const want = key.queued?.intent.want;
  if (!isPending(key) || want === undefined || want === 'absent') return false;
  if (step.do === 'add') return compareRoles(step.row, want) === 0;
  if (step.do !== 'change' || compareRoles(step.role, want) !== 0) return false;
  return actual === null || compareRoles(actual, want) !== 0;
}

/** Tells why the row of a closed key is written at all. */
export function cameLate(decision: Decision): Decision {
  if (decision.notices.some(({ code }) => code === 'LANDED_LATE' || code === 'APPROVED_LATE')) return decision;
  const message = 'GitLab approved a change that nothing asks for any more; it is taken back.';
  return { ...decision, notices: [{ code: 'APPROVED_LATE', message }, ...decision.notices] };
}

/** GitLab answered that it queued the write: remembers what may come of it. */
export async function storeQueued(
  deps: GrantsDeps,
  lease: Lease,
  { grants }: KeyState,
  connectionId: string,
): Promise<void> {
  const now = await deps.store.clock.now();
  await deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key?.intent == null || key.base === null) return;
    const grantId = grants.find((grant) => grant.status === 'ACTIVATING')?.id ?? null;
    const { byUserId } = await sentThrough(tx, connectionId, grantId);
    await changeKey(tx, key.id, {
      queued: { intent: key.intent, base: key.base, grantId, byUserId },
      queuedConnectionId: connectionId,
    });
  });
}

/** What was queued, and nothing sent since, shows in the row: nothing more comes of it. */
export function hasCome(key: KeyRow, { ours }: Decision, actual: Observation['actual']): boolean {
  if (!isPending(key) || ours === null || actual === null || key.intent === null) return false;
  const { want, before } = key.intent;
  return want !== 'absent' && approvedAs({ want, adds: before === 'absent' }, actual);
}

/** Whether it matters what GitLab's list tells: a write of unknown fate may wait there, or nothing but a queued one is waited for. */
export function listMatters(state: KeyState, now: Date, answered: Date | null): boolean {
  const { key } = state;
  const intent = unheardIntent(key, answered);
  if (intent !== null && mayQueue(intent)) return true;
  if (lateWrites(key).some(({ approval }) => approval !== undefined)) return true;
  return idle(state) && awaitsApproval(key, now);
}

/** What stays of a queued write when a look has settled; `begun`: grants still rest on the key. */
export function afterLook(
  key: KeyRow,
  context: { decision: Decision; observation: Observation; watching: boolean; begun: boolean },
): KeyChange {
  const { queued } = key;
  if (queued === null) return {};
  const { decision, observation } = context;
  // It came after all, and what a watch wrote against it is proven.
  if (hasCome(key, decision, observation.actual) || (context.watching && key.intent !== null)) return NOT_QUEUED;
  if (context.begun) return {};
  if (context.watching && noLongerListed(key, observation.listed)) return NOT_QUEUED;
  return { queued: { ...queued, base: decision.base } };
}
