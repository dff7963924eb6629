import type { Db } from '../store/store.ts';
import type { At } from '../store/questions.ts';
import type { Names } from './names.ts';

/** The moment and the facts that a question is asked of. */
export type Asked = { db: Db; at: At };

/** A page of an answer; counts are made when they are asked for. `names` knows everybody and every place in it. */
export type Answer<T> = {
  entries: readonly T[];
  hasNextPage: boolean;
  names: Names;
  count(): Promise<number>;
};

/** The first `size` of what was read with one more to tell whether more follows. */
export function cut<T>(read: readonly T[], size: number): { entries: T[]; hasNextPage: boolean } {
  return { entries: read.slice(0, size), hasNextPage: read.length > size };
}
