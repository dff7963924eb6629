import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import { chunks } from '../gitlab/reads/results.ts';
import type { DirectRow, SourceDetail, SourceRef } from '../gitlab/records.ts';
import { batchLoader, type KeyLoader } from './batch.ts';

/** GitLab cuts every page to this (docs/gitlab.md §pages). */
const LARGEST_PAGE = 100;

/** One person at one group or project. */
export type RowKey = { source: SourceRef; userId: string };

/** The text of a group or project, as keys of maps have it: `group:5`. */
export function sourceKey(source: SourceRef): string {
  return `${source.kind}:${source.id}`;
}

/** The text of a person at a group or project: `group:5:7`. */
export function rowKey(key: RowKey): string {
  return `${sourceKey(key.source)}:${key.userId}`;
}

/**
 * What only REST tells of a group or project, share links above all. GitLab has no list for it: one call for each source, each
 * asked at most once in a request.
 */
export function sourceDetailLoader(client: GitLabClient): KeyLoader<SourceRef, SourceDetail> {
  return batchLoader<SourceRef, SourceDetail>({
    cacheKey: sourceKey,
    read: async (sources) =>
      new Map(
        await Promise.all(sources.map(async (source) => [sourceKey(source), await detailOf(client, source)] as const)),
      ),
  });
}

async function detailOf(client: GitLabClient, source: SourceRef): Promise<SourceDetail | GitLabError> {
  return client.sourceDetail(source).catch(asGitLabError);
}

/** Direct rows as REST shows them, with their custom role: one call for each source of a tick, whatever the number of people. */
export function directRowsLoader(client: GitLabClient): KeyLoader<RowKey, DirectRow[]> {
  return peopleLoader(async (source, userIds) => {
    const { rows } = await client.directRows(source, userIds);
    const byUser = Map.groupBy(rows, (row) => row.userId);
    return (userId) => byUser.get(userId) ?? [];
  });
}

/**
 * The row that gives a person the most there, by whatever way, as REST shows it; null: no way. One call for each source of a tick
 * and hundred people: GitLab counts these calls.
 */
export function effectiveRowLoader(client: GitLabClient): KeyLoader<RowKey, DirectRow | null> {
  return peopleLoader(async (source, userIds) => {
    const pages = await Promise.all(
      chunks(userIds, LARGEST_PAGE).map((some) =>
        client.allMembers(source, { search: null, userIds: some, first: LARGEST_PAGE, after: null }),
      ),
    );
    const byUser = new Map(pages.flatMap(({ items }) => items).map((row) => [row.userId, row]));
    return (userId) => byUser.get(userId) ?? null;
  });
}

/** Loads for people, all those at one source together; a refusal there is one of each. */
function peopleLoader<V>(
  read: (source: SourceRef, userIds: readonly string[]) => Promise<(userId: string) => V>,
): KeyLoader<RowKey, V> {
  return batchLoader<RowKey, V>({
    cacheKey: rowKey,
    read: async (keys) => {
      const bySource = Map.groupBy(keys, (key) => sourceKey(key.source));
      const answers = await Promise.all([...bySource.values()].map((group) => readPeople(group, read)));
      return new Map(answers.flat());
    },
  });
}

async function readPeople<V>(
  keys: readonly RowKey[],
  read: (source: SourceRef, userIds: readonly string[]) => Promise<(userId: string) => V>,
): Promise<(readonly [string, V | GitLabError])[]> {
  const [first] = keys;
  if (first === undefined) return [];
  const userIds = keys.map((key) => key.userId);
  const answer = await read(first.source, userIds).catch(asGitLabError);
  if (answer instanceof GitLabError) return keys.map((key) => [rowKey(key), answer] as const);
  return keys.map((key) => [rowKey(key), answer(key.userId)] as const);
}

function asGitLabError(error: unknown): GitLabError {
  if (error instanceof GitLabError) return error;
  throw error;
}
