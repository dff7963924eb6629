import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError, outcomeUnknown, tokenDead } from '../gitlab/errors.ts';
import { findKey, releaseLease, takeLease } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import type { UserRecord } from '../gitlab/records.ts';
import { gatewayUserIds } from '../store/instances.ts';
import { alertOutside } from './alerts.ts';
import { mayPromotionsWait } from './approvals.ts';
import { LEASE_MS, commitIntent, isWrite, leftBy, write } from './attempt.ts';
import { decideMeanwhile, decideOn } from './decide.ts';
import type { GrantsDeps } from './deps.ts';
import { endForNobody, endForPerson, endIfGone } from './gone.ts';
import { LAST_OWNER, ownerMayGo, takesOwner } from './last-owner.ts';
import { loadUnderLease } from './load.ts';
import { noteBefore } from './note.ts';
import { observe } from './observe.ts';
import type { Observation } from './observe.ts';
import { givesUpBase } from './plan/plan.ts';
import type { Decision, Step } from './plan/types.ts';
import { WORKING, lookAtPerson } from './person.ts';
import { NOT_HELD, afterMismatch, conditionOf } from './precondition.ts';
import type { Unchanged } from './precondition.ts';
import { begins, connectionOf, idle, priorityOf, resting } from './standing.ts';
import { asGitLabError, isRefusal, refusalOf, troubleOf, whyNotNow } from './problems.ts';
import type { Trouble } from './problems.ts';
import { asksAgain, cameLate, listMatters, storeQueued } from './queued.ts';
import { settle } from './settle.ts';
import { failIneligible } from './starts.ts';
import type { KeyState } from './state.ts';
import { createSweep } from './sweep.ts';
import { askWhoLowered, leftToSync, readLinks } from './sync.ts';
import type { Links } from './sync.ts';
import { storeRefusal, storeTrouble } from './trouble.ts';

/** How often one run may write before it takes a pause: more means that somebody else changes the row at the same time. */
const MOST_WRITES = 5;
/** GitLab compares conditional deletes with whole seconds, so a row changed in the second of our read needs the next one. */
const SECOND_MS = 1_000;

/** `busy`: somebody else works on the key; what was stored is found by them before they leave. */
export type Reconciled = 'done' | 'busy';

export type Reconciler = {
  /** Brings one key's row to what is wanted, and proves it by a read. May be repeated any number of times with one effect (S2). */
  reconcile(keyId: string): Promise<Reconciled>;
  /** What a queued look does: reconciles the key if it asks for a look by now, and queues another look where it asks for a later one. */
  lookIfDue(keyId: string): Promise<void>;
  /** Reconciles every key that asks for a look by now, revokes first; alerts for overdue ends. */
  sweep(): Promise<void>;
};

type Run = {
  lease: Lease;
  /** The key's person as just read together with others'. */
  person: UserRecord | null;
  writes: number;
  /** A clear no to the last write. */
  refused: Trouble | null;
  /** The last write's outcome is unknown, or GitLab could not take it now. */
  unsure: GitLabError | null;
  /** The last write whose answer was heard, by the time of its intent. */
  answered: Date | null;
  queued: boolean;
  unchanged: Unchanged;
  /** What is above is read by REST before a base is given up for it (S30). */
  exact: boolean;
  /** Pending access requests are read before a row is added, since GitLab makes the row of one (S9). */
  requests: boolean;
  /** A read showed that the group keeps an Owner without this row. */
  ownerStays: boolean;
  /** Read where a row of ours was lowered, to tell whether an identity provider did it. */
  links: Links | null;
};

type Next = 'again' | 'done';

async function decide(
  deps: GrantsDeps,
  state: KeyState,
  observation: Observation,
  { clockSkewMs, answered }: { clockSkewMs: number | null; answered: Date | null },
): Promise<Decision> {
  const now = await deps.store.clock.now();
  const users = await gatewayUserIds(deps.store.db, state.key.instanceId);
  const context = { settings: deps.settings, now, clockSkewMs, gatewayUserIds: [...users], answered };
  const decision = decideOn(state, observation, context);
  if (asksAgain(state.key, decision.step, observation.actual)) {
    return decideMeanwhile(state, observation, context) ?? decision;
  }
  return idle(state) && state.key.intent === null && isWrite(decision.step) ? cameLate(decision) : decision;
}

/** Remembers what a write answered; the next read tells what it did. */
async function noteWrite(
  deps: GrantsDeps,
  run: Run,
  sent: { step: Step; state: KeyState; observation: Observation },
  error: GitLabError,
): Promise<void> {
  if (isRefusal(error)) {
    const accessLevel = sent.observation.actual?.accessLevel ?? null;
    run.refused = refusalOf(error, sent.step, { kind: sent.state.key.source.kind, accessLevel });
    return;
  }
  if (error.code === 'PRECONDITION_FAILED') {
    run.unchanged = afterMismatch(run.unchanged, sent.observation);
    await deps.sleep(SECOND_MS);
  } else if (error.code !== 'CONFLICT' && error.code !== 'MEMBER_NOT_FOUND') run.unsure = error;
}

/** The plan asks for a write: refused before, unsure, too often, or to be done now. */
async function attempt(
  deps: GrantsDeps,
  run: Run,
  client: GitLabClient,
  asked: { state: KeyState; decision: Decision; step: Step; observation: Observation; connectionId: string },
): Promise<Next> {
  const { step } = asked;
  if (!isWrite(step)) return 'done';
  if (run.refused !== null) {
    const outcome = await storeRefusal(deps, run.lease, run.refused);
    run.refused = null;
    // What is left at the key may want another row now.
    return outcome === 'failed' ? 'again' : 'done';
  }
  if (step.do === 'add' && asked.observation.requested === null) {
    run.requests = true;
    return 'again';
  }
  if (asksAgain(asked.state.key, step, asked.observation.actual)) run.queued = true;
  if (run.unsure !== null || run.queued || run.writes >= MOST_WRITES) {
    await storeTrouble(deps, run.lease, whyNotNow(run), { alsoActive: true });
    return 'done';
  }
  if (!run.ownerStays && takesOwner(asked.state.key.source.kind, asked.observation.actual, leftBy(step))) {
    run.ownerStays = await ownerMayGo(client, asked.state.key);
    // Read once more, so that nothing stands between the read, the plan and the write (S42).
    if (run.ownerStays) return 'again';
    await storeTrouble(deps, run.lease, LAST_OWNER, { alsoActive: false });
    return 'done';
  }
  // Every key of that source waits for it together, without a write that would only be refused, and those of others go on (S23).
  const waitMs = step.do === 'remove' ? client.removalWaitMs(asked.state.key.source) : null;
  if (waitMs !== null) {
    const limited = new GitLabError('RATE_LIMITED', 'GitLab limits removals there.', { retryAfterMs: waitMs });
    await storeTrouble(deps, run.lease, troubleOf(limited), { alsoActive: false });
    return 'done';
  }
  const committed = await commitIntent(deps, run.lease, { ...asked, step, answered: run.answered });
  if (committed === 'lost') return 'done';
  if (committed === 'changed') return 'again';
  alertOutside(deps, asked.state.key, asked.decision.notices);
  run.writes += 1;
  const outcome = await write(client, asked.state, step, conditionOf(run.unchanged, asked.observation));
  if (outcome.kind !== 'failed' || !outcomeUnknown(outcome.error)) run.answered = committed.intentAt;
  if (outcome.kind === 'failed') await noteWrite(deps, run, asked, outcome.error);
  run.queued = outcome.kind === 'queued';
  if (run.queued) await storeQueued(deps, run.lease, asked.state, asked.connectionId);
  return 'again';
}

/** The look failed: either what it is about is proven to be gone (S29), or it is tried again. */
async function failed(
  deps: GrantsDeps,
  run: Run,
  error: GitLabError,
  seen: { state: KeyState; connectionId: string; client: GitLabClient | null },
): Promise<void> {
  if (tokenDead(error)) await deps.suspect(seen.connectionId);
  const left = seen.client === null ? error : await endIfGone(deps, run.lease, seen.client, seen.state, error);
  if (left === null) return;
  const trouble = troubleOf(outcomeUnknown(left) ? left : (run.unsure ?? left));
  await storeTrouble(deps, run.lease, trouble, { alsoActive: run.writes > 0 });
}

/** One look: read, plan, and either settle, wait, or write and look again. */
async function look(deps: GrantsDeps, run: Run): Promise<Next> {
  const state = await loadUnderLease(deps, run.lease);
  if (state === null) return 'done';
  const connectionId = connectionOf(state);
  if (connectionId === null) return 'done';
  let client: GitLabClient | null = null;
  try {
    client = (await deps.clientFor(connectionId)).withPriority(priorityOf(state));
    if (await failIneligible(deps, run.lease, client, state)) return 'again';
    await noteBefore(deps, client, state);
    // A grant that begins most often adds a row; any other addition takes one look more.
    const requests = run.requests || begins(state);
    const now = await deps.store.clock.now();
    const approvals = listMatters(state, now, run.answered) && (await mayPromotionsWait(deps, connectionId));
    const reading = { client, db: deps.store.db, now, exact: run.exact, requests, approvals };
    const [observation, person] = await Promise.all([
      observe(reading, state),
      resting(state) ? lookAtPerson(client, state.key.user.id, run.person) : WORKING,
    ]);
    run.person = null;
    const ended = await endForPerson(deps, run.lease, state, { person, observation });
    if (ended !== 'none') return ended;
    const seen = { clockSkewMs: client.health().clockSkewMs, answered: run.answered };
    const planned = await decide(deps, state, observation, seen);
    if (givesUpBase(planned, observation.inherited) && !observation.exact) {
      run.exact = true;
      return 'again';
    }
    const lowered = askWhoLowered(planned);
    if (lowered && run.links === null) {
      run.links = await readLinks(client, state.key.source);
      return 'again';
    }
    const decision = lowered && run.links !== null ? leftToSync(planned, observation, run.links) : planned;
    const asked = { state, decision, observation, connectionId };
    if (await endForNobody(deps, run.lease, client, asked)) return 'done';
    if (decision.step.do === 'nothing') {
      const settled = await settle(deps, run.lease, { ...asked, answered: run.answered });
      if (settled === 'done') alertOutside(deps, state.key, decision.notices);
      // What has not begun to count yet is planned on what the identity provider, or the end of another grant, left.
      const startsOver = state.grants.some(({ id, status }) => status === 'ACTIVATING' && !decision.effects.has(id));
      return settled === 'again' || startsOver ? 'again' : 'done';
    }
    if (decision.step.do === 'wait' || decision.step.do === 'blocked') {
      const { problem, message } = decision.step;
      const trouble: Trouble = { code: problem, message, retryAfterMs: null, userErrorCode: 'REFUSED_BY_GITLAB' };
      await storeTrouble(deps, run.lease, trouble, { alsoActive: false });
      return 'done';
    }
    return await attempt(deps, run, client, { ...asked, step: decision.step });
  } catch (error) {
    await failed(deps, run, asGitLabError(error), { state, connectionId, client });
    return 'done';
  }
}

const MOST_LOOKS = 12;
/** How often a run starts over because something new was stored meanwhile; then it is the sweep's. */
const MOST_ROUNDS = 4;

export function createReconciler(deps: GrantsDeps): Reconciler {
  async function underLease(lease: Lease, person: UserRecord | null): Promise<void> {
    const run: Run = {
      lease,
      person,
      writes: 0,
      refused: null,
      unsure: null,
      answered: null,
      queued: false,
      unchanged: NOT_HELD,
      exact: false,
      requests: false,
      ownerStays: false,
      links: null,
    };
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      if ((await look(deps, run)) === 'done') return;
    }
    deps.log.warn({ keyId: lease.keyId }, 'A key did not settle in one run; the sweep looks at it again.');
  }

  async function run(keyId: string, person: UserRecord | null): Promise<Reconciled> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const now = await deps.store.clock.now();
      const lease = await takeLease(deps.store.db, keyId, deps.owner, now, new Date(now.getTime() + LEASE_MS));
      if (lease === null) return 'busy';
      let lookAt: Date | null = null;
      try {
        await underLease(lease, person);
      } finally {
        lookAt = await releaseLease(deps.store.db, lease);
      }
      // Somebody stored something new while we held the lease, and was told that we are busy.
      const after = await deps.store.clock.now();
      if (lookAt === null || lookAt > after) break;
    }
    return 'done';
  }

  async function reconcile(keyId: string, person: UserRecord | null = null): Promise<Reconciled> {
    const startedMs = performance.now();
    let outcome: Reconciled | 'failed' = 'failed';
    try {
      outcome = await run(keyId, person);
      return outcome;
    } finally {
      deps.onEvent?.({ kind: 'reconciled', outcome, durationMs: performance.now() - startedMs });
    }
  }

  async function lookIfDue(keyId: string): Promise<void> {
    const lookAt = (await findKey(deps.store.db, keyId))?.lookAt ?? null;
    if (lookAt === null) return;
    if (lookAt <= (await deps.store.clock.now())) await reconcile(keyId);
    else await deps.store.transaction((tx) => deps.jobs.lookAt(tx, keyId, lookAt));
  }

  return {
    reconcile: (keyId) => reconcile(keyId),
    lookIfDue,
    sweep: createSweep(deps, reconcile),
  };
}
