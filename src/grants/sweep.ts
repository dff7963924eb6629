import type { UserRecord } from '../gitlab/records.ts';
import { dueKeys } from '../store/due-keys.ts';
import { purgeIdempotency } from '../store/idempotency.ts';
import { provenDead } from '../store/lease-owner.ts';
import { leaseOwnersOfDue, releaseLeasesOf } from '../store/ledger.ts';
import type { GrantsDeps } from './deps.ts';
import { createDriftPoll } from './drift.ts';
import type { FullLook } from './drift.ts';
import { eachOf } from './each-of.ts';
import { createOverdueWatch } from './overdue.ts';
import { readPeople } from './person.ts';

const BATCH = 500;
/** A look mostly waits for GitLab, and after a crash many are due at once. */
const CONCURRENCY = 16;
const TIDY_EVERY_MS = 3_600_000;

type People = ReadonlyMap<string, UserRecord>;

/** The people behind keys in force, in few calls for each connection. What fails is read key by key. */
async function peopleBehind(deps: GrantsDeps, keys: readonly FullLook[]): Promise<People> {
  const people = new Map<string, UserRecord>();
  const byConnection = Map.groupBy(keys, (key) => key.connectionId);
  for (const [connectionId, group] of byConnection) {
    if (connectionId === null) continue;
    try {
      const client = (await deps.clientFor(connectionId)).withPriority('query');
      const userIds = group.map((key) => key.userId);
      for (const [id, person] of await readPeople(client, userIds)) people.set(personKey(group[0], id), person);
    } catch (error) {
      deps.log.warn({ err: error, connectionId }, 'People could not be read together; read one by one.');
    }
  }
  return people;
}

const personKey = (key: FullLook | undefined, userId: string): string => `${key?.instanceId ?? ''}:${userId}`;

/**
 * What is done every few seconds: each key that asks for a look by now, revokes before all else and polls last; alerts for ends
 * that are overdue; old idempotency keys now and then.
 */
export function createSweep(
  deps: GrantsDeps,
  reconcile: (keyId: string, person: UserRecord | null) => Promise<unknown>,
): () => Promise<void> {
  const overdue = createOverdueWatch(deps);
  const poll = createDriftPoll(deps);
  let tidiedAtMs = -Infinity;

  async function look(keyId: string, person: UserRecord | null): Promise<void> {
    try {
      await reconcile(keyId, person);
    } catch (error) {
      deps.log.error({ err: error, keyId }, 'A key could not be reconciled; the next sweep tries again.');
    }
  }

  async function tidy(now: Date): Promise<void> {
    if (now.getTime() - tidiedAtMs < TIDY_EVERY_MS) return;
    tidiedAtMs = now.getTime();
    await purgeIdempotency(deps.store.db, now);
  }

  /** What a dead process held need not wait until its lease runs out. What it had sent last may still land, and is watched for. */
  async function takeOver(now: Date): Promise<void> {
    for (const owner of await leaseOwnersOfDue(deps.store.db, now)) {
      if (owner !== deps.owner && provenDead(owner)) await releaseLeasesOf(deps.store.db, owner);
    }
  }

  async function pass(): Promise<void> {
    const now = await deps.store.clock.now();
    await takeOver(now);
    const due = await dueKeys(deps.store.db, now, BATCH);
    const urgent = due.filter(({ work }) => work === 'revoke' || work === 'activate');
    await eachOf(urgent, CONCURRENCY, ({ id }) => look(id, null));
    const differing = await poll(due.filter(({ work }) => work === 'poll'));
    const others = due.filter(({ work }) => work === 'look').map((key) => ({ ...key, keyId: key.id }));
    const full: FullLook[] = [...differing, ...others];
    const people = await peopleBehind(deps, full);
    await eachOf(full, CONCURRENCY, (key) => look(key.keyId, people.get(personKey(key, key.userId)) ?? null));
    await overdue.check(await deps.store.clock.now());
    await tidy(now);
  }

  let before: Promise<void> = Promise.resolve();
  return async () => {
    // In turn, so that what one has begun is done when the next one answers.
    const mine = before.then(pass);
    before = mine.catch(() => undefined);
    await mine;
  };
}
