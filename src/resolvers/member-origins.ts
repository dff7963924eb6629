import { GitLabError, type GitLabErrorCode } from '../gitlab/errors.ts';
import type { MemberRecord, Page, ProjectRecord, ShareLink, SourceRecord } from '../gitlab/records.ts';
import { LEVEL } from '../grants/levels.ts';
import type { Loaders, MembersQuestion } from '../loaders/loaders.ts';
import type { MembershipKind } from './nodes.ts';
import type { SegmentPage } from './segments.ts';
import { pathsAbove } from './tree.ts';

/** One of GitLab's lists that a kind of rows is read from. */
export type Origin = {
  /** Sorts: direct, inherited, shared with the groups above, then shared with the project itself, link by link. */
  name: string;
  kind: MembershipKind;
  list: Pick<MembersQuestion, 'id' | 'fullPath'> &
    (
      | { kind: 'group'; relations: GroupQuestion['relations'] }
      | { kind: 'project'; relations: ProjectQuestion['relations'] }
    );
  /** What the link gives at most; null: no link, or one that GitLab has counted in. */
  ceiling: number | null;
  /** Rows no higher than this give nothing here. */
  floor: number;
};

type GroupQuestion = Extract<MembersQuestion, { kind: 'group' }>;
type ProjectQuestion = Extract<MembersQuestion, { kind: 'project' }>;
type Asked = Pick<MembersQuestion, 'search' | 'userIds' | 'first' | 'after'>;

/** Minimal Access reaches no project (docs/gitlab.md §roles). */
const FLOOR_OF_PROJECTS = LEVEL.MINIMAL_ACCESS;

const REFUSALS: ReadonlySet<GitLabErrorCode> = new Set(['FORBIDDEN', 'SOURCE_NOT_FOUND']);

/** The lists of a group's members. */
export function groupOrigins(group: { id: string; fullPath: string }): Origin[] {
  const { id, fullPath } = group;
  const list = { kind: 'group', id, fullPath } as const;
  return [
    { name: '0', kind: 'DIRECT', list: { ...list, relations: ['DIRECT'] }, ceiling: null, floor: 0 },
    { name: '1', kind: 'INHERITED', list: { ...list, relations: ['INHERITED'] }, ceiling: null, floor: 0 },
    { name: '2', kind: 'SHARED', list: { ...list, relations: ['SHARED_FROM_GROUPS'] }, ceiling: null, floor: 0 },
  ];
}

/**
 * The lists of a project's members. GitLab shows effective levels on a project unless it is asked for direct rows alone, so what
 * a project inherits is read at its group, and what it is shared with at the invited groups (docs/gitlab.md §member lists).
 */
export function projectOrigins(project: ProjectRecord, links: readonly ShareLink[]): Origin[] {
  const { id, fullPath, groupId } = project;
  const floor = FLOOR_OF_PROJECTS;
  const direct: Origin = {
    name: '0',
    kind: 'DIRECT',
    list: { kind: 'project', id, fullPath, relations: ['DIRECT'] },
    ceiling: null,
    floor: 0,
  };
  const shared = links.map(linkOrigin);
  const groupPath = pathsAbove(project).at(-1);
  if (groupId === null || groupPath === undefined) return [direct, ...shared];
  const group = { kind: 'group', id: groupId, fullPath: groupPath } as const;
  return [
    direct,
    { name: '1', kind: 'INHERITED', list: { ...group, relations: ['DIRECT', 'INHERITED'] }, ceiling: null, floor },
    { name: '2', kind: 'SHARED', list: { ...group, relations: ['SHARED_FROM_GROUPS'] }, ceiling: null, floor },
    ...shared,
  ];
}

/** Whoever reaches the invited group, by whatever way, reaches the project (docs/gitlab.md §shares). */
function linkOrigin(link: ShareLink): Origin {
  return {
    name: `3:${link.groupId.padStart(19, '0')}`,
    kind: 'SHARED',
    list: {
      kind: 'group',
      id: link.groupId,
      fullPath: link.groupFullPath,
      relations: ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS'],
    },
    ceiling: link.accessLevel,
    floor: FLOOR_OF_PROJECTS,
  };
}

/** A page of one list, with levels as they count here; throws the refusal of a list that GitLab does not show. */
export async function readOrigin(loaders: Loaders, origin: Origin, asked: Asked): Promise<SegmentPage<MemberRecord>> {
  const { list, ceiling, floor } = origin;
  const page = await readIfShown(loaders, { ...list, ...asked });
  if (page === null) throw membersRefused(list.fullPath);
  const items = page.items.filter(({ accessLevel }) => accessLevel > floor).map((row) => capped(row, ceiling));
  return { ...page, items, thinned: items.length < page.items.length };
}

/** The row with its level held down to what the link gives. */
export function capped(row: MemberRecord, ceiling: number | null): MemberRecord {
  return ceiling === null || row.accessLevel <= ceiling ? row : { ...row, accessLevel: ceiling };
}

/**
 * The page, or null where GitLab does not show the list to this token: for reads that look in several places, of which some may be
 * hidden. Every other failure is thrown.
 */
export async function readIfShown(loaders: Loaders, question: MembersQuestion): Promise<Page<MemberRecord> | null> {
  try {
    return await loaders.members.load(question);
  } catch (error) {
    if (error instanceof GitLabError && REFUSALS.has(error.code)) return null;
    throw error;
  }
}

/** The refusal of a membership list that GitLab does not show to the connection's token. */
export function membersRefused(fullPath: SourceRecord['fullPath']): GitLabError {
  return new GitLabError(
    'FORBIDDEN',
    `GitLab does not show the members of ${fullPath} to this connection. Give its user a role there, or leave that kind of row out.`,
  );
}
