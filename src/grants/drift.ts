import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import type { DirectRow } from '../gitlab/records.ts';
import type { DueKey } from '../store/due-keys.ts';
import { unendedGrantsAt } from '../store/grants.ts';
import type { KeyRow } from '../store/ledger.ts';
import { claimPolls, settlePolls } from '../store/polls.ts';
import type { PolledKey } from '../store/polls.ts';
import { decideOn } from './decide.ts';
import type { GrantsDeps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { toRow } from './observe.ts';
import { POLL_EVERY_MS, pollFrom, wantsFullLook } from './polling.ts';
import type { GrantSettings } from './settings.ts';
import { connectionOf } from './standing.ts';
import { nextByTime, transitionByTime } from './state.ts';
import type { KeyState } from './state.ts';

/** Asked of GitLab in one call of the client. */
const ROWS_AT_ONCE = 100;
const SOURCES_AT_ONCE = 4;
/** How many keys one pass takes; the next pass takes the others. */
const MOST_KEYS = 1_000;
/** A pass takes seconds. Should its process die, its keys are polled this much later. */
const CLAIM_MS = 60_000;

/** A key that needs a look of its own. */
export type FullLook = { keyId: string; instanceId: string; userId: string; connectionId: string | null };

type Batch = { connectionId: string; source: KeyRow['source']; states: KeyState[] };

const isSourceRefused = ({ code }: GitLabError): boolean =>
  code === 'FORBIDDEN' || code === 'SOURCE_NOT_FOUND' || code === 'NOT_FOUND';

/**
 * Whether a full look would find nothing to do or to tell. It is planned as such a look plans, on the row alone, so whatever rests
 * on more than the row, and any doubt about the person, is not `agreed`. Pure.
 */
export function agreed(
  state: KeyState,
  rows: readonly DirectRow[],
  context: { settings: GrantSettings; now: Date; clockSkewMs: number | null },
): boolean {
  const { key, grants } = state;
  const [row, second] = rows.filter((one) => one.userId === key.user.id);
  if (row?.userState !== 'ACTIVE' || second !== undefined) return false;
  const { settings, now } = context;
  const byTime = { writeUnderWay: false, queued: false, settings };
  if (grants.some((grant) => transitionByTime(grant, now, byTime) !== null)) return false;
  const seen = { actual: toRow(row), inherited: null, listed: null };
  const decision = decideOn(state, seen, { ...context, gatewayUserIds: [], answered: null });
  if (decision.step.do !== 'nothing' || decision.notices.length > 0 || decision.ends.length > 0) return false;
  const active = grants.filter(({ status }) => status === 'ACTIVE');
  const asShown = active.every((grant) => decision.effects.get(grant.id)?.effect === grant.effect);
  return asShown && JSON.stringify([decision.base, decision.ours]) === JSON.stringify([key.base, key.ours]);
}

/**
 * Polls grants in force: reads the rows of all keys of a group or project together and compares them with what is recorded. What
 * agrees is done until its next poll; the answer is what needs a look of its own: what differs, what GitLab refuses to show, and
 * now and then a key for what its row does not tell. Several processes share the work. Takes and holds no lease.
 */
export function createDriftPoll(deps: GrantsDeps): (due: readonly DueKey[]) => Promise<FullLook[]> {
  async function claimed(due: readonly DueKey[]): Promise<KeyState[]> {
    const now = await deps.store.clock.now();
    const keys = await deps.store.transaction((tx) =>
      claimPolls(tx, {
        keyIds: due.map((key) => key.id),
        now,
        until: new Date(now.getTime() + CLAIM_MS),
        horizon: new Date(now.getTime() + POLL_EVERY_MS),
        limit: MOST_KEYS,
      }),
    );
    const grants = await unendedGrantsAt(
      deps.store.db,
      keys.map((key) => key.id),
    );
    return keys.map((key) => ({ key, grants: grants.get(key.id) ?? [], revocations: [] }));
  }

  /** The keys' rows were as recorded: their next poll is the same for all, so that they are read together again. */
  async function settle(states: readonly KeyState[], now: Date): Promise<void> {
    const pollAt = pollFrom(now);
    const polled = states.map(({ key, grants }): PolledKey => {
      const byTime = nextByTime(grants, deps.settings);
      return { key, next: byTime !== null && byTime < pollAt ? byTime : pollAt };
    });
    await deps.store.transaction(async (tx) => {
      const settled = new Set(await settlePolls(tx, polled, now));
      for (const { key, next } of polled) {
        if (settled.has(key.id) && next < pollAt) await deps.jobs.lookAt(tx, key.id, next);
      }
    });
  }

  async function compare(client: GitLabClient, { source, states }: Batch): Promise<KeyState[]> {
    const userIds = states.map(({ key }) => key.user.id);
    const { rows } = await client.directRows(source, userIds);
    const now = await deps.store.clock.now();
    const context = { settings: deps.settings, now, clockSkewMs: client.health().clockSkewMs };
    const [same, other] = [true, false].map((wanted) =>
      states.filter((state) => agreed(state, rows, context) === wanted),
    );
    await settle(same ?? [], now);
    return other ?? [];
  }

  /** Answers what needs a look of its own. What GitLab cannot tell just now keeps its claim, and is polled when that is over. */
  async function poll(batch: Batch): Promise<KeyState[]> {
    const { connectionId } = batch;
    try {
      const client = (await deps.clientFor(connectionId)).withPriority('query');
      return await compare(client, batch);
    } catch (error) {
      if (error instanceof GitLabError && isSourceRefused(error)) return batch.states;
      if (error instanceof GitLabError && tokenDead(error)) await deps.suspect(connectionId);
      deps.log.warn({ err: error, connectionId }, 'Memberships could not be polled; tried again within a minute.');
      return [];
    }
  }

  return async (due) => {
    const now = await deps.store.clock.now();
    const states = await claimed(due);
    const fully = states.filter(
      ({ key, grants }) =>
        connectionOf({ key, grants, revocations: [] }) === null || wantsFullLook(key.id, grants, now),
    );
    const rest = states.filter((state) => !fully.includes(state));
    await eachOf(batchesOf(rest), SOURCES_AT_ONCE, async (batch) => {
      fully.push(...(await poll(batch)));
    });
    return fully.map((state) => ({
      keyId: state.key.id,
      instanceId: state.key.instanceId,
      userId: state.key.user.id,
      connectionId: connectionOf(state),
    }));
  };
}

/** By connection and source, so that each becomes as few calls as GitLab allows. */
function batchesOf(states: readonly KeyState[]): Batch[] {
  const groups = Map.groupBy(states, (state) => {
    const { instanceId, source } = state.key;
    return `${instanceId} ${connectionOf(state) ?? ''} ${source.kind} ${source.id}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const connectionId = first === undefined ? null : connectionOf(first);
    if (first === undefined || connectionId === null) return [];
    const chunks: Batch[] = [];
    for (let from = 0; from < group.length; from += ROWS_AT_ONCE) {
      chunks.push({ connectionId, source: first.key.source, states: group.slice(from, from + ROWS_AT_ONCE) });
    }
    return chunks;
  });
}
