import type { GroupRecord, SourceRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';

/** The full paths of the groups above, the top-level group first: every prefix of a path is a group's (docs/gitlab.md §tree). */
export function pathsAbove(source: SourceRecord): string[] {
  if (source.kind === 'project' && source.groupId === null) return [];
  const names = source.fullPath.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** The groups above that GitLab shows to the connection, the top-level group first; one call. */
export async function groupsAbove(loaders: Loaders, source: SourceRecord): Promise<GroupRecord[]> {
  const groups = await Promise.all(pathsAbove(source).map((path) => loaders.groupByPath.load(path)));
  return groups.filter((group) => group !== null);
}

/** The group right above, null for none and for one that GitLab hides. */
export async function groupAbove(loaders: Loaders, source: SourceRecord): Promise<GroupRecord | null> {
  const path = pathsAbove(source).at(-1);
  return path === undefined ? null : loaders.groupByPath.load(path);
}
