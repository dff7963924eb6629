import { changeKey, lockLeased } from '../store/ledger.ts';
import type { KeyChange, KeyRow, Lease } from '../store/ledger.ts';
import { LEASE_MS } from './attempt.ts';
import type { GrantsDeps } from './deps.ts';
import { compareRoles } from './levels.ts';
import type { Observation } from './observe.ts';
import type { Decision, Step } from './plan/types.ts';
import { toSnapshot } from './plan/interpret.ts';
import type { KeyState } from './state.ts';

/** GitLab's approval queue cannot be taken back, so a key with something in it is watched for so long (S31). */
const WATCH_MS = 90 * 24 * 3_600_000;

/** Nothing queued is expected to come any more. */
export const NOT_QUEUED: KeyChange = { queued: null, queuedConnectionId: null };

/** GitLab may still carry out what it queued there. */
export function watched(key: Pick<KeyRow, 'queued' | 'queuedConnectionId'>, now: Date): boolean {
  if (key.queued === null || key.queuedConnectionId === null) return false;
  return now.getTime() - key.queued.intent.at.getTime() < WATCH_MS;
}

/** The write that GitLab queued is the last one that was sent: nothing of it is there until somebody approves it. */
export function isPending({ intent, queued }: Pick<KeyRow, 'intent' | 'queued'>): boolean {
  return intent !== null && intent.at.getTime() === queued?.intent.at.getTime();
}

/** What is recorded of the row: of a closed key, what stood when GitLab queued a write, which may have been carried out since. */
export function ledgerOf(key: KeyRow): Pick<KeyRow, 'base' | 'ours' | 'intent'> {
  if (key.base !== null || key.queued === null) return key;
  return { base: key.queued.base, ours: null, intent: key.queued.intent };
}

/** The same role was put before GitLab's administrators already: asking again gives nothing. */
export function asksAgain(key: KeyRow, step: Step): boolean {
  const want = key.queued?.intent.want;
  if (!isPending(key) || want === undefined || want === 'absent') return false;
  if (step.do === 'add') return compareRoles(step.row, want) === 0;
  return step.do === 'change' && compareRoles(step.role, want) === 0;
}

/** Tells why the row of a closed key is written at all. */
export const cameLate = (decision: Decision): Decision => ({
  ...decision,
  notices: [
    { code: 'APPROVED_LATE', message: 'GitLab approved a change that nothing asks for any more; it is taken back.' },
    ...decision.notices,
  ],
});

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
    await changeKey(tx, key.id, {
      queued: { intent: key.intent, base: key.base, grantId },
      queuedConnectionId: connectionId,
    });
  });
}

/** What was queued shows in the row: nothing more comes of it. */
export const hasCome = (key: KeyRow, decision: Decision): boolean => isPending(key) && decision.ours !== null;

/** What stays of a queued write when a look has settled; `begun`: grants still rest on the key. */
export function afterLook(
  key: KeyRow,
  context: { decision: Decision; observation: Observation; watching: boolean; begun: boolean },
): KeyChange {
  const { queued } = key;
  if (queued === null) return {};
  const { decision, observation } = context;
  // It came after all, and what a watch wrote against it is proven.
  if (hasCome(key, decision) || (context.watching && key.intent !== null)) return NOT_QUEUED;
  if (context.begun) return {};
  const before = observation.actual === null ? 'absent' : toSnapshot(observation.actual);
  return { queued: { ...queued, base: decision.base, intent: { ...queued.intent, before } } };
}
