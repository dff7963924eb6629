import type { UserRecord } from '../gitlab/records.ts';
import { dueKeys } from '../store/due-keys.ts';
import type { DueKey } from '../store/due-keys.ts';
import { purgeIdempotency } from '../store/idempotency.ts';
import type { GrantsDeps } from './deps.ts';
import { createOverdueWatch } from './overdue.ts';
import { readPeople } from './person.ts';

const BATCH = 500;
const CONCURRENCY = 8;
const TIDY_EVERY_MS = 3_600_000;

/** Runs at most `limit` of the works at once. */
async function eachOf<T>(items: readonly T[], limit: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

type People = ReadonlyMap<string, UserRecord>;

/** The people behind keys that are only polled, in few calls for each connection. What fails is read key by key. */
async function peopleBehind(deps: GrantsDeps, keys: readonly DueKey[]): Promise<People> {
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

const personKey = (key: DueKey | undefined, userId: string): string => `${key?.instanceId ?? ''}:${userId}`;

/**
 * What is done every few seconds: each key that asks for a look by now, revokes before all else and polls last; alerts for ends
 * that are overdue; old idempotency keys now and then.
 */
export function createSweep(
  deps: GrantsDeps,
  reconcile: (keyId: string, person: UserRecord | null) => Promise<unknown>,
): () => Promise<void> {
  const overdue = createOverdueWatch(deps);
  let tidiedAtMs = -Infinity;

  async function look(key: DueKey, person: UserRecord | null): Promise<void> {
    try {
      await reconcile(key.id, person);
    } catch (error) {
      deps.log.error({ err: error, keyId: key.id }, 'A key could not be reconciled; the next sweep tries again.');
    }
  }

  async function tidy(now: Date): Promise<void> {
    if (now.getTime() - tidiedAtMs < TIDY_EVERY_MS) return;
    tidiedAtMs = now.getTime();
    await purgeIdempotency(deps.store.db, now);
  }

  return async () => {
    const now = await deps.store.clock.now();
    const keys = await dueKeys(deps.store.db, now, BATCH);
    const polls = keys.filter((key) => key.work === 'poll');
    await eachOf(
      keys.filter((key) => key.work !== 'poll'),
      CONCURRENCY,
      (key) => look(key, null),
    );
    const people = await peopleBehind(deps, polls);
    await eachOf(polls, CONCURRENCY, (key) => look(key, people.get(personKey(key, key.userId)) ?? null));
    await overdue.check(await deps.store.clock.now());
    await tidy(now);
  };
}
