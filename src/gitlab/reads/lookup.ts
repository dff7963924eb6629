import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { z } from 'zod';
import { GitLabError } from '../errors.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { fewestPacks } from '../packing/pack.ts';
import { part } from '../packing/part.ts';
import type { Part } from '../packing/part.ts';
import type { Session } from '../session.ts';
import { chunks } from './results.ts';

export type Results<T> = Map<string, T | null | GitLabError>;

/** How one key is asked for by an alias of its own. */
export type ByAlias<T, TData, TVariables extends Record<string, unknown>> = {
  document: TypedDocumentNode<TData, TVariables>;
  variables: (key: string) => TVariables;
  schema: z.ZodType<T | null, TData>;
};

/** How many keys are asked for by one field. `size` keys at most; what is not returned is missing. */
export type ByList<T, TData, TVariables extends Record<string, unknown>> = {
  document: TypedDocumentNode<TData, TVariables>;
  variables: (keys: string[]) => TVariables;
  schema: z.ZodType<readonly (T | null)[], TData>;
  keyOf: (record: T) => string;
  size: number;
  /** Nested rows that each key may bring. */
  rowsPerKey?: number;
};

export function aliasPart<T, TData, TVariables extends Record<string, unknown>>(
  how: ByAlias<T, TData, TVariables>,
  key: string,
  results: Results<T>,
): Part {
  return part({
    document: how.document,
    variables: how.variables(key),
    schema: how.schema,
    settle: (record, errors) => {
      results.set(key, record ?? errors[0]?.error ?? null);
      return null;
    },
    fail: (error) => results.set(key, error),
  });
}

const HIDDEN = 'GitLab could not show one of the rows of its answer.';

/** A list part for up to `size` keys. A row that came out null may be any of the missing keys: then these are errors. */
export function listPart<T, TData, TVariables extends Record<string, unknown>>(
  how: ByList<T, TData, TVariables>,
  keys: string[],
  results: Results<T>,
): Part {
  return part({
    document: how.document,
    variables: how.variables(keys),
    schema: how.schema,
    rows: keys.length * (how.rowsPerKey ?? 0),
    settle: (records, errors) => {
      const found = new Map(
        records.flatMap((record) => (record === null ? [] : [[how.keyOf(record), record] as const])),
      );
      const broken = records.includes(null) || (records.length === 0 && errors.length > 0);
      const missing = broken ? (errors[0]?.error ?? new GitLabError('UNREADABLE', HIDDEN)) : null;
      for (const key of keys) results.set(key, found.get(key) ?? missing);
      return null;
    },
    fail: (error) => {
      for (const key of keys) results.set(key, error);
    },
    split: () =>
      keys.length < 2 ? [] : chunks(keys, Math.ceil(keys.length / 2)).map((half) => listPart(how, half, results)),
  });
}

export function listParts<T, TData, TVariables extends Record<string, unknown>>(
  how: ByList<T, TData, TVariables>,
  keys: readonly string[],
  results: Results<T>,
): Part[] {
  return chunks(keys, how.size).map((some) => listPart(how, some, results));
}

/** How keys are asked for: by aliases that find everything, or by lists that leave out what GitLab hides from lists. */
export type Lookup<T, A, VA extends Record<string, unknown>, L, VL extends Record<string, unknown>> = {
  alias: ByAlias<T, A, VA>;
  list: ByList<T, L, VL>;
  /** The first version that knows the list; left out where every version does. */
  since?: readonly [major: number, minor: number];
};

/**
 * Asks by aliases while they fit one query, since these also find what lists leave out (blocked people); otherwise by lists
 * first, where this GitLab has them, and by aliases for what is missing.
 */
export async function lookup<T, A, VA extends Record<string, unknown>, L, VL extends Record<string, unknown>>(
  session: Session,
  keys: readonly string[],
  how: Lookup<T, A, VA, L, VL>,
): Promise<Results<T>> {
  const results: Results<T> = new Map();
  const distinct = [...new Set(keys)];
  const aliases = distinct.map((key) => aliasPart(how.alias, key, results));
  if (fewestPacks(aliases, session.limits()) <= 1) {
    await session.run(aliases);
    return results;
  }
  // Versions differ in what they accept as a list, so the version must be known.
  if (how.since !== undefined) await session.learn();
  if (how.since !== undefined && !atLeast(session.knowledge, ...how.since)) {
    await session.run(aliases);
    return results;
  }
  await session.run(listParts(how.list, distinct, results));
  await session.run(missing(distinct, results).map((key) => aliasPart(how.alias, key, results)));
  return results;
}

/** Keys for which there is no answer, or that of a list that did not have them. */
export function missing(keys: readonly string[], results: Results<unknown>): string[] {
  return keys.filter((key) => (results.get(key) ?? null) === null);
}
