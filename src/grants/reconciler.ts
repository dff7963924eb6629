import type { GitLabClient } from '../gitlab/client.ts';
import type { GitLabError } from '../gitlab/errors.ts';
import { outcomeUnknown, tokenDead } from '../gitlab/errors.ts';
import { changeKey, findKey, keysToLookAt, lockLeased, releaseLease, takeLease } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import { gatewayUserIds } from '../store/instances.ts';
import { LEASE_MS, commitIntent, isWrite, write } from './attempt.ts';
import type { WriteStep } from './attempt.ts';
import type { GrantsDeps } from './deps.ts';
import { ownerMayGo, takesOwner } from './last-owner.ts';
import { observe } from './observe.ts';
import type { Observation } from './observe.ts';
import { plan } from './plan/plan.ts';
import type { Role } from './levels.ts';
import type { Decision, Step } from './plan/types.ts';
import { asGitLabError, isRefusal, refusalOf, troubleOf } from './problems.ts';
import type { Trouble } from './problems.ts';
import { scheduleNext, settle } from './settle.ts';
import { failIneligible } from './starts.ts';
import { loadState, nextByTime, planGrants } from './state.ts';
import type { KeyState } from './state.ts';
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
  /** Reconciles every key that asks for a look by now, the longest due first. */
  sweep(): Promise<void>;
};

type Run = {
  lease: Lease;
  writes: number;
  /** A clear no to the last write. */
  refused: Trouble | null;
  /** The last write's outcome is unknown, or GitLab could not take it now. */
  unsure: GitLabError | null;
  queued: boolean;
  /** A read showed that the group keeps an Owner without this row. */
  ownerStays: boolean;
};

type Next = 'again' | 'done';

/** The connection that a key is worked through: that of the latest grant or revocation that still has one. */
function connectionOf(state: KeyState): string | null {
  const begun = state.grants.filter((grant) => grant.status !== 'SCHEDULED');
  const ids = [...begun, ...state.revocations].map((thing) => thing.connectionId).filter((id) => id !== null);
  return ids.at(-1) ?? null;
}

function idle(state: KeyState): boolean {
  return state.revocations.length === 0 && state.grants.every((grant) => grant.status === 'SCHEDULED');
}

async function load(deps: GrantsDeps, run: Run): Promise<KeyState | null> {
  const now = await deps.store.clock.now();
  return deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, run.lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return null;
    const state = await loadState(tx, key, now, deps.settings);
    if (!idle(state) && connectionOf(state) !== null) return state;
    // Nothing to prove: closed until something begins.
    await changeKey(tx, key.id, { base: null, ours: null, intent: null, attempts: 0 });
    await scheduleNext(deps, tx, key.id, nextByTime(state.grants, deps.settings));
    return null;
  });
}

async function decide(deps: GrantsDeps, state: KeyState, observation: Observation): Promise<Decision> {
  const { key } = state;
  const now = await deps.store.clock.now();
  return plan({
    sourceKind: key.source.kind,
    base: key.base,
    ours: key.ours,
    intent: key.intent,
    grants: planGrants(state.grants, now),
    revoking: state.revocations.length > 0,
    actual: observation.actual,
    inherited: observation.inherited,
    gatewayUserIds: [...(await gatewayUserIds(deps.store.db, key.instanceId))],
    settings: deps.settings,
    now,
  });
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
  if (error.code === 'PRECONDITION_FAILED') await deps.sleep(SECOND_MS);
  else if (error.code !== 'CONFLICT' && error.code !== 'MEMBER_NOT_FOUND') run.unsure = error;
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
  const committed = await commitIntent(deps, run.lease, { ...asked, step });
  if (committed !== 'committed') return committed === 'changed' ? 'again' : 'done';
  run.writes += 1;
  const outcome = await write(client, asked.state, step, asked.observation);
  if (outcome.kind === 'failed') await noteWrite(deps, run, asked, outcome.error);
  run.queued = outcome.kind === 'queued';
  return 'again';
}

const leftBy = (step: WriteStep): Role | null =>
  step.do === 'remove' ? null : step.do === 'add' ? step.row : step.role;

const LAST_OWNER: Trouble = {
  code: 'LAST_OWNER',
  message: 'The group would be left without an Owner. Make somebody else Owner; this is tried again and then done.',
  retryAfterMs: null,
  userErrorCode: 'LAST_OWNER',
};

function whyNotNow(run: Run): Trouble {
  if (run.unsure !== null) return troubleOf(run.unsure);
  const base = { retryAfterMs: null, userErrorCode: 'REFUSED_BY_GITLAB' as const };
  if (run.queued) {
    const message = 'GitLab has queued the change for an administrator. Approve it there; it counts from then on.';
    return { ...base, code: 'PENDING_UPSTREAM', message };
  }
  const message =
    'The membership does not stay as it is written: somebody else changes it at the same time. Tried again.';
  return { ...base, code: 'UPSTREAM_REFUSED', message };
}

/** One look: read, plan, and either settle, wait, or write and look again. */
async function look(deps: GrantsDeps, run: Run): Promise<Next> {
  const state = await load(deps, run);
  if (state === null) return 'done';
  const connectionId = connectionOf(state);
  if (connectionId === null) return 'done';
  const ending = state.revocations.length > 0 || state.grants.some((grant) => grant.status === 'ENDING');
  try {
    const client = (await deps.clientFor(connectionId)).withPriority(ending ? 'revoke' : 'grant');
    if (await failIneligible(deps, run.lease, client, state)) return 'again';
    const observation = await observe({ client, db: deps.store.db, now: await deps.store.clock.now() }, state);
    const decision = await decide(deps, state, observation);
    const asked = { state, decision, observation, connectionId };
    if (decision.step.do === 'nothing') {
      const settled = await settle(deps, run.lease, asked);
      return settled === 'again' ? 'again' : 'done';
    }
    if (decision.step.do === 'wait' || decision.step.do === 'blocked') {
      const { problem, message } = decision.step;
      const trouble: Trouble = { code: problem, message, retryAfterMs: null, userErrorCode: 'REFUSED_BY_GITLAB' };
      await storeTrouble(deps, run.lease, trouble, { alsoActive: false });
      return 'done';
    }
    return await attempt(deps, run, client, { ...asked, step: decision.step });
  } catch (error) {
    const gitlabError = asGitLabError(error);
    if (tokenDead(gitlabError)) await deps.suspect(connectionId);
    const trouble = troubleOf(outcomeUnknown(gitlabError) ? gitlabError : (run.unsure ?? gitlabError));
    await storeTrouble(deps, run.lease, trouble, { alsoActive: run.writes > 0 });
    return 'done';
  }
}

/** Runs at most `limit` of the works at once. */
async function eachOf<T>(items: readonly T[], limit: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

const SWEEP_BATCH = 500;
const SWEEP_CONCURRENCY = 8;
const MOST_LOOKS = 12;
/** How often a run starts over because something new was stored meanwhile; then it is the sweep's. */
const MOST_ROUNDS = 4;

export function createReconciler(deps: GrantsDeps): Reconciler {
  async function underLease(lease: Lease): Promise<void> {
    const run: Run = { lease, writes: 0, refused: null, unsure: null, queued: false, ownerStays: false };
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      if ((await look(deps, run)) === 'done') return;
    }
    deps.log.warn({ keyId: lease.keyId }, 'A key did not settle in one run; the sweep looks at it again.');
  }

  async function run(keyId: string): Promise<Reconciled> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const now = await deps.store.clock.now();
      const lease = await takeLease(deps.store.db, keyId, deps.owner, now, new Date(now.getTime() + LEASE_MS));
      if (lease === null) return 'busy';
      let lookAt: Date | null = null;
      try {
        await underLease(lease);
      } finally {
        lookAt = await releaseLease(deps.store.db, lease);
      }
      // Somebody stored something new while we held the lease, and was told that we are busy.
      const after = await deps.store.clock.now();
      if (lookAt === null || lookAt > after) break;
    }
    return 'done';
  }

  async function reconcile(keyId: string): Promise<Reconciled> {
    const startedMs = performance.now();
    let outcome: Reconciled | 'failed' = 'failed';
    try {
      outcome = await run(keyId);
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
    reconcile,
    lookIfDue,
    async sweep() {
      const now = await deps.store.clock.now();
      const keyIds = await keysToLookAt(deps.store.db, now, SWEEP_BATCH);
      await eachOf(keyIds, SWEEP_CONCURRENCY, async (keyId) => {
        try {
          await reconcile(keyId);
        } catch (error) {
          deps.log.error({ err: error, keyId }, 'A key could not be reconciled; the next sweep tries again.');
        }
      });
    },
  };
}
