import type { ByKey } from '../client.ts';
import { GitLabError } from '../errors.ts';

/** The value, or the error thrown. */
export function orThrow<T>(result: T | GitLabError): T {
  if (result instanceof GitLabError) throw result;
  return result;
}

/** Any failure as the one error that leaves this folder. */
export function asGitLabError(error: unknown): GitLabError {
  return error instanceof GitLabError
    ? error
    : new GitLabError('UNREADABLE', "GitLab's answer could not be taken in.", {}, { cause: error });
}

/** Results under the keys as the caller spelt them, from results by normalised key. A key without result is null. */
export function underKeys<T>(
  keys: readonly string[],
  results: ReadonlyMap<string, T | null | GitLabError>,
  normalise: (key: string) => string,
): ByKey<T> {
  return new Map(keys.map((key) => [key, results.get(normalise(key)) ?? null]));
}

export function chunks<T>(list: readonly T[], size: number): T[][] {
  const made: T[][] = [];
  for (let start = 0; start < list.length; start += size) made.push(list.slice(start, start + size));
  return made;
}
