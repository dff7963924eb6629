import type { GroupRecord, MemberRecord, ShareLink, SourceRecord } from '../gitlab/records.ts';
import { LEVEL } from '../grants/levels.ts';
import type { Loaders, MembersQuestion } from '../loaders/loaders.ts';
import { capped, readIfShown } from './member-origins.ts';
import type { MembershipKind } from './nodes.ts';

/** One row that gives access to a source, with the level that it gives there. */
export type AccessPath = { kind: MembershipKind; record: MemberRecord };

/** What decides a person's access to a source: the groups above (top-level first) and the links on the project itself. */
export type Surroundings = { source: SourceRecord; above: readonly GroupRecord[]; links: readonly ShareLink[] };

type List = Pick<MembersQuestion, 'id' | 'fullPath'> &
  (
    | { kind: 'group'; relations: Extract<MembersQuestion, { kind: 'group' }>['relations'] }
    | { kind: 'project'; relations: Extract<MembersQuestion, { kind: 'project' }>['relations'] }
  );
type GroupPlace = { id: string; fullPath: string };
type GroupRelations = Extract<List, { kind: 'group' }>['relations'];

/**
 * Every row that gives the user access to the source: the direct one, those of the groups above, and rows of invited groups at
 * what the link leaves of them. Without shares it is one call; where a shared row shows, the links of the whole chain are read.
 */
export async function accessPaths(loaders: Loaders, where: Surroundings, userId: string): Promise<AccessPath[]> {
  const { source, above, links } = where;
  const chain = source.kind === 'group' ? [...above, source] : above;
  const nearest = chain.at(-1);
  const read = (list: List): Promise<MemberRecord[]> => rowsOf(loaders, list, userId);
  const [direct, inherited, fromAbove, shared, linked] = await Promise.all([
    read(directList(source)),
    Promise.all(above.toReversed().map((group) => read(directList(group)))),
    // Also shows the row of a group above whose own list this token may not read.
    nearest ? read(groupList(nearest, ['INHERITED'])) : [],
    nearest ? read(groupList(nearest, ['SHARED_FROM_GROUPS'])) : [],
    Promise.all(links.map((link) => rowsByProjectLink(loaders, link, userId))),
  ]);
  const byLinks = shared.length === 0 ? [] : await rowsByLinksOf(loaders, chain, userId);
  return distinct([
    ...pathsOf('DIRECT', 0, direct),
    // Minimal Access is not inherited, and reaches no project (docs/gitlab.md §roles).
    ...pathsOf('INHERITED', LEVEL.MINIMAL_ACCESS, [...inherited.flat(), ...fromAbove]),
    ...pathsOf('SHARED', source.kind === 'project' ? LEVEL.MINIMAL_ACCESS : 0, [
      ...byLinks,
      ...shared,
      ...linked.flat(),
    ]),
  ]);
}

/** Rows that the links on each group of the chain give: of an invited group only its direct ones (docs/gitlab.md §shares). */
async function rowsByLinksOf(loaders: Loaders, chain: readonly GroupPlace[], userId: string): Promise<MemberRecord[]> {
  const details = await Promise.all(chain.map(({ id }) => loaders.sourceDetail.load({ kind: 'group', id })));
  const links = details.flatMap((detail) => detail.sharedWithGroups);
  const rows = await Promise.all(
    links.map(async (link) => {
      const own = await rowsOf(loaders, groupList(invited(link), ['DIRECT']), userId);
      return own.map((row) => capped(row, link.accessLevel));
    }),
  );
  return rows.flat();
}

/** Rows that a link on a project gives: of everybody who reaches the invited group (docs/gitlab.md §shares). */
async function rowsByProjectLink(loaders: Loaders, link: ShareLink, userId: string): Promise<MemberRecord[]> {
  const relations: GroupRelations[] = [['DIRECT'], ['INHERITED'], ['SHARED_FROM_GROUPS']];
  const rows = await Promise.all(relations.map((each) => rowsOf(loaders, groupList(invited(link), each), userId)));
  return rows.flat().map((row) => capped(row, link.accessLevel));
}

/** The user's row in a list; none where this token may not read the list: what that hides shows in the effective level. */
async function rowsOf(loaders: Loaders, list: List, userId: string): Promise<MemberRecord[]> {
  const page = await readIfShown(loaders, { ...list, search: null, userIds: [userId], first: 1, after: null });
  return page?.items ?? [];
}

function directList(source: SourceRecord): List {
  return source.kind === 'group'
    ? groupList(source, ['DIRECT'])
    : { kind: 'project', id: source.id, fullPath: source.fullPath, relations: ['DIRECT'] };
}

function groupList({ id, fullPath }: GroupPlace, relations: GroupRelations): List {
  return { kind: 'group', id, fullPath, relations };
}

function invited(link: ShareLink): GroupPlace {
  return { id: link.groupId, fullPath: link.groupFullPath };
}

function pathsOf(kind: MembershipKind, floor: number, rows: readonly MemberRecord[]): AccessPath[] {
  return rows.filter(({ accessLevel }) => accessLevel > floor).map((record) => ({ kind, record }));
}

/** Each row once for each kind, at the most that it gives by any link. */
function distinct(paths: readonly AccessPath[]): AccessPath[] {
  const byRow = new Map<string, AccessPath>();
  for (const path of paths) {
    const key = `${path.kind}:${path.record.rowId}`;
    const known = byRow.get(key);
    if (known === undefined || path.record.accessLevel > known.record.accessLevel) byRow.set(key, path);
  }
  return [...byRow.values()];
}
