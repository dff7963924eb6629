import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { DirectRow, SourceDetail, SourceRef } from '../gitlab/records.ts';
import { batchLoader, type KeyLoader } from './batch.ts';

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
  return batchLoader<RowKey, DirectRow[]>({
    cacheKey: rowKey,
    read: async (keys) => {
      const bySource = Map.groupBy(keys, (key) => sourceKey(key.source));
      const answers = await Promise.all([...bySource.values()].map((group) => rowsAtSource(client, group)));
      return new Map(answers.flat());
    },
  });
}

async function rowsAtSource(
  client: GitLabClient,
  keys: readonly RowKey[],
): Promise<(readonly [string, DirectRow[] | GitLabError])[]> {
  const [first] = keys;
  if (first === undefined) return [];
  const userIds = keys.map((key) => key.userId);
  const answer = await client.directRows(first.source, userIds).catch(asGitLabError);
  if (answer instanceof GitLabError) return keys.map((key) => [rowKey(key), answer] as const);
  const byUser = Map.groupBy(answer.rows, (row) => row.userId);
  return keys.map((key) => [rowKey(key), byUser.get(key.userId) ?? []] as const);
}

function asGitLabError(error: unknown): GitLabError {
  if (error instanceof GitLabError) return error;
  throw error;
}
