import type { ByKey, GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { SourceRecord } from '../gitlab/records.ts';
import { unendedGrantsAt } from '../store/grants.ts';
import type { KeyRow } from '../store/ledger.ts';
import { claimPlaces } from '../store/places.ts';
import type { Place } from '../store/snapshots.ts';
import { pathsAbove } from './ancestors.ts';
import type { GrantsDeps } from './deps.ts';
import { storePlace } from './moved.ts';
import { connectionOf } from './standing.ts';

/** A move is made by hand and rarely; what it changes for a grant's end is read then anyway. */
const READ_EVERY_MS = 10 * 60_000;
const BATCH = 500;
/** How often a process asks its store for what is due. */
const CHECK_EVERY_MS = 60_000;

function valueOf<T>(found: ByKey<T>, key: string): T | null {
  const value = found.get(key) ?? null;
  return value instanceof GitLabError ? null : value;
}

const earlier = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a);

/** Where these keys' groups and projects are now, by kind and number; what cannot be read just now is left out. */
async function readPlaces(client: GitLabClient, keys: readonly KeyRow[]): Promise<Map<string, Place>> {
  const idsOf = (kind: SourceRecord['kind']): string[] => [
    ...new Set(keys.filter(({ source }) => source.kind === kind).map(({ source }) => source.id)),
  ];
  const [groupIds, projectIds] = [idsOf('group'), idsOf('project')];
  const [groups, projects] = await Promise.all([client.groupsById(groupIds), client.projectsById(projectIds)]);
  const sources: SourceRecord[] = [
    ...groupIds.map((id) => valueOf(groups, id)).filter((group) => group !== null),
    ...projectIds.map((id) => valueOf(projects, id)).filter((project) => project !== null),
  ];
  const paths = [...new Set(sources.flatMap(({ fullPath }) => pathsAbove(fullPath)))];
  const above = await client.groupsByPath(paths);
  const aboveIds = paths.map((path) => valueOf(above, path)?.id).filter((id) => id !== undefined);
  const [groupsGo, projectsGo] = await Promise.all([
    client.deletions('group', [...new Set([...groupIds, ...aboveIds])]),
    client.deletions('project', projectIds),
  ]);
  return new Map(
    sources.map(({ kind, id, fullPath }) => {
      const ids = pathsAbove(fullPath).flatMap((path) => valueOf(above, path)?.id ?? []);
      const own = valueOf(kind === 'group' ? groupsGo : projectsGo, id)?.deletesOn ?? null;
      const deletesOn = ids.map((groupId) => valueOf(groupsGo, groupId)?.deletesOn ?? null).reduce(earlier, own);
      return [`${kind}:${id}`, { fullPath, groupIds: ids, deletesOn }];
    }),
  );
}

/**
 * Asks now and then where the groups and projects of grants in force are, many in few calls: follows those that moved (S29), and
 * remembers the date of those that are marked for deletion. What fails is asked for again the next time.
 */
export function createPlacesWatch(deps: GrantsDeps): () => Promise<void> {
  let nextMs = -Infinity;

  async function watch(connectionId: string, keys: readonly KeyRow[]): Promise<void> {
    const client = (await deps.clientFor(connectionId)).withPriority('query');
    const places = await readPlaces(client, keys);
    for (const key of keys) {
      const place = places.get(`${key.source.kind}:${key.source.id}`);
      if (place !== undefined) await storePlace(deps, client, key, place);
    }
  }

  return async () => {
    const now = await deps.store.clock.now();
    if (now.getTime() < nextMs) return;
    const before = new Date(now.getTime() - READ_EVERY_MS);
    const keys = await claimPlaces(deps.store.db, now, before, BATCH);
    nextMs = keys.length < BATCH ? now.getTime() + CHECK_EVERY_MS : now.getTime();
    const grants = await unendedGrantsAt(
      deps.store.db,
      keys.map(({ id }) => id),
    );
    const byConnection = Map.groupBy(keys, (key) =>
      connectionOf({ key, grants: grants.get(key.id) ?? [], revocations: [] }),
    );
    for (const [connectionId, some] of byConnection) {
      if (connectionId === null) continue;
      try {
        await watch(connectionId, some);
      } catch (error) {
        deps.log.warn({ err: error, connectionId }, 'It could not be read where groups and projects are; tried again.');
      }
    }
  };
}
