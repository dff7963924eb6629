import DataLoader from 'dataloader';
import type { ByKey } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';

/** A loader whose cache is keyed by text, whatever its keys are. */
export type KeyLoader<K, V> = DataLoader<K, V, string>;

/**
 * Makes a loader that hands the keys of one tick to `read` in a single call. Answers are taken from the map by key, never by
 * position: a `GitLabError` rejects its own key only, a rejection of the whole call rejects all, and a key that the answer
 * leaves out is an error, since silence proves nothing.
 */
export function batchLoader<K, V>(options: {
  /** The text under which a key is cached; also its name in the answer unless `answerKey` says otherwise. */
  cacheKey: (key: K) => string;
  /** The name of the key in the answer. */
  answerKey?: (key: K) => string;
  read: (keys: readonly K[]) => Promise<ReadonlyMap<string, V | GitLabError>>;
}): KeyLoader<K, V> {
  const { cacheKey, answerKey = cacheKey, read } = options;
  return new DataLoader<K, V, string>(
    async (keys) => {
      const answers = await read(keys);
      return keys.map((key) => {
        const answer = answers.get(answerKey(key));
        return answer === undefined ? unanswered(answerKey(key)) : answer;
      });
    },
    { cacheKeyFn: cacheKey },
  );
}

/** A loader over one of the client's look-ups by text: a path, a username or a number; the case of letters does not matter. */
export function textLoader<V>(read: (keys: readonly string[]) => Promise<ByKey<V>>): KeyLoader<string, V | null> {
  return batchLoader<string, V | null>({
    cacheKey: (key) => key.toLowerCase(),
    answerKey: (key) => key,
    read,
  });
}

function unanswered(key: string): GitLabError {
  return new GitLabError('UNREADABLE', `GitLab's answer says nothing of ${key}. Try again; if it stays so, report it.`);
}
