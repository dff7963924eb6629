import type { ByKey } from './client.ts';
import { GitLabError } from './errors.ts';
import { mayBeAnother } from './read-cache.ts';
import type { About, GitLabChange, ReadCache } from './read-cache.ts';

/** Told how long ago an answer was asked for that serves again; never of one that is asked for now. */
export type OnReuse = (ageMs: number) => void;

/** How the answers to one kind of question by key are told apart, weighed and made void. */
export type KeyedRead<K, V> = {
  /** The question as text: equal text, equal answer. */
  nameOf: (key: K) => string;
  /** The name under which `read` answers. */
  answerKey: (key: K) => string;
  about: (key: K) => About;
  rowsOf: (value: V) => number;
  read: (keys: readonly K[]) => Promise<ByKey<V>>;
};

/** The same of a question that is asked by itself. */
export type SingleRead<V> = { name: string; about: About; rowsOf: (value: V) => number; read: () => Promise<V> };

/**
 * Equal questions at the same time are asked once, whoever asks, and for a short while the answer serves again. A failure is that
 * of all who waited for it, and of nobody later. Whoever no longer wants an answer ends nothing for the others.
 */
export type Sharing = {
  byKey<K, V>(how: KeyedRead<K, V>, keys: readonly K[], onReuse: OnReuse): Promise<ByKey<V>>;
  single<V>(how: SingleRead<V>, onReuse: OnReuse): Promise<V>;
  /** Drops what is kept; what is under way serves those who wait for it already, and nobody else. */
  forget(change: GitLabChange): void;
};

type Flight = { landed: () => Promise<unknown>; startedAtMs: number; about: About };

/**
 * The sharing of one connection's queries. Decisions about access never come here: they must not wait for a query, nor trust what
 * was read for one.
 */
export function createSharing({ cache, nowMs }: { cache: ReadCache; nowMs: () => number }): Sharing {
  const owner = {};
  const flights = new Map<string, Flight>();

  /** The answer that is there, or under way; null if it must be asked for. */
  const find = (name: string, onReuse: OnReuse): { value: unknown } | Flight | null => {
    const known = cache.get(owner, name);
    const flight = known === null ? flights.get(name) : undefined;
    const sinceMs = known?.readAtMs ?? flight?.startedAtMs;
    if (sinceMs !== undefined) onReuse(Math.max(0, nowMs() - sinceMs));
    return known ?? flight ?? null;
  };

  /** Ends a flight. A value of it is kept unless something changed meanwhile; a failure, or nothing, never. */
  const land = <V>(
    name: string,
    flight: Flight,
    value: V | GitLabError | null | undefined,
    rows: (value: V) => number,
  ) => {
    if (flights.get(name) !== flight) return;
    flights.delete(name);
    if (value === null || value === undefined || value instanceof GitLabError) return;
    const { startedAtMs: readAtMs, about } = flight;
    cache.keep(owner, name, { value, readAtMs, about, rows: Math.max(1, rows(value)) });
  };

  const ask = <K, V>(how: KeyedRead<K, V>, wanted: ReadonlyMap<string, K>): Map<string, Flight> => {
    const startedAtMs = nowMs();
    const batch = how.read([...wanted.values()]);
    const started = new Map<string, Flight>();
    for (const [name, key] of wanted) {
      const landed = async () => (await batch).get(how.answerKey(key));
      started.set(name, { landed, startedAtMs, about: how.about(key) });
    }
    for (const [name, flight] of started) flights.set(name, flight);
    const end = (answers: ByKey<V> | null): void => {
      for (const [name, flight] of started) {
        const key = wanted.get(name);
        land(name, flight, key === undefined ? null : answers?.get(how.answerKey(key)), how.rowsOf);
      }
    };
    batch.then(end, () => {
      end(null);
    });
    return started;
  };

  return {
    async byKey<K, V>(how: KeyedRead<K, V>, keys: readonly K[], onReuse: OnReuse): Promise<ByKey<V>> {
      const known = new Map<string, { value: unknown } | Flight>();
      const wanted = new Map<string, K>();
      for (const key of keys) {
        const name = how.nameOf(key);
        if (known.has(name) || wanted.has(name)) continue;
        const found = find(name, onReuse);
        if (found === null) wanted.set(name, key);
        else known.set(name, found);
      }
      if (wanted.size > 0) for (const [name, flight] of ask(how, wanted)) known.set(name, flight);
      const results: ByKey<V> = new Map();
      for (const key of keys) {
        const found = known.get(how.nameOf(key));
        if (found === undefined) continue;
        const value = ('value' in found ? found.value : await found.landed()) as V | GitLabError | null | undefined;
        if (value !== undefined) results.set(how.answerKey(key), value);
      }
      return results;
    },

    async single<V>({ name, about, rowsOf, read }: SingleRead<V>, onReuse: OnReuse): Promise<V> {
      const found = find(name, onReuse);
      if (found !== null) return ('value' in found ? found.value : await found.landed()) as V;
      const answer = read();
      const flight: Flight = { landed: () => answer, startedAtMs: nowMs(), about };
      flights.set(name, flight);
      answer.then(
        (value) => {
          land(name, flight, value, rowsOf);
        },
        () => {
          land(name, flight, null, rowsOf);
        },
      );
      return answer;
    },

    forget(change) {
      cache.forget(owner, change);
      for (const [name, { about }] of flights) if (mayBeAnother(about, change)) flights.delete(name);
    },
  };
}
