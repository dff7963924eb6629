import { refuse } from '../errors.ts';
import type { ByKey, GitLabClient, GroupRelation, MembersQuery } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { MemberRecord, Page, SourceRecord, SourceRef, UserRecord } from '../gitlab/records.ts';
import { currentPath } from './ancestors.ts';
import { LEVEL } from './levels.ts';
import type { Role } from './levels.ts';
import type { Trouble } from './problems.ts';

/** What is told while an end waits for another Owner (S14). */
export const LAST_OWNER: Trouble = {
  code: 'LAST_OWNER',
  message: 'The group would be left without an Owner. Make somebody else Owner; this is tried again and then done.',
  retryAfterMs: null,
  userErrorCode: 'LAST_OWNER',
};

const PAGE = 100;
/** Enough for any list that people keep; a group of more members is believed to have another Owner only when one is found. */
const MOST_PAGES = 100;

type GroupPlace = { id: string; fullPath: string };

/** Whether some row of the list is a human Owner's that `counts`. Rejects with a `GitLabError`. */
async function someOwner(
  client: GitLabClient,
  group: GroupPlace,
  relations: readonly GroupRelation[],
  counts: (row: MemberRecord) => boolean,
): Promise<boolean> {
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const asked = { kind: 'group', key: 'owners', ...group, relations } as const;
    const query: MembersQuery = { ...asked, userIds: null, search: null, first: PAGE, after };
    const answered: ByKey<Page<MemberRecord>> = await client.members([query]);
    const page = answered.get('owners') ?? null;
    if (page instanceof GitLabError) throw page;
    if (page === null) return false;
    if (page.items.some((row) => row.accessLevel === LEVEL.OWNER && row.user.kind === 'HUMAN' && counts(row))) {
      return true;
    }
    if (!page.hasNextPage) return false;
    after = page.endCursor;
  }
  return false;
}

/**
 * Whether the group has a human Owner without this person's direct row, by GitLab's own rule (docs/gitlab.md §last owner): in a
 * top-level group its direct rows, below also ancestors and invited groups; blocked people count, robots never do. Rejects with
 * a `GitLabError`.
 */
export async function hasOtherOwner(client: GitLabClient, group: GroupPlace, userId: string): Promise<boolean> {
  const isAnother = (row: MemberRecord): boolean => row.user.id !== userId;
  if (!group.fullPath.includes('/')) return someOwner(client, group, ['DIRECT'], isAnother);
  // Who is also Owner of a group above is not the last one below.
  if (await someOwner(client, group, ['INHERITED'], () => true)) return true;
  return someOwner(client, group, ['DIRECT', 'SHARED_FROM_GROUPS'], isAnother);
}

/** GitLab never lets the last human Owner of a group go; say so before anything is stored. Throws `Refusal` LAST_OWNER. */
export async function checkLastOwner(
  client: GitLabClient,
  target: SourceRecord,
  user: UserRecord,
  row: Role | null,
  field: string[],
): Promise<void> {
  if (target.kind !== 'group' || user.kind !== 'HUMAN' || row?.accessLevel !== LEVEL.OWNER) return;
  if (await hasOtherOwner(client, target, user.id)) return;
  throw refuse(
    'LAST_OWNER',
    `${user.username} is the last Owner of ${target.fullPath}. Make somebody else Owner first.`,
    field,
  );
}

/** An Owner grant that ends must leave an Owner: without another one it could never be taken back (S14). Throws `Refusal` LAST_OWNER. */
export async function checkOwnerStays(
  client: GitLabClient,
  target: SourceRecord,
  user: UserRecord,
  accessLevel: number,
): Promise<void> {
  if (target.kind !== 'group' || user.kind !== 'HUMAN' || accessLevel !== LEVEL.OWNER) return;
  if (await hasOtherOwner(client, target, user.id)) return;
  throw refuse(
    'LAST_OWNER',
    `${target.fullPath} has no Owner besides ${user.username}, so this grant could not be ended. Make somebody else Owner first.`,
    ['accessLevel'],
  );
}

/** Whether a step takes the Owner role from a row of a group. */
export function takesOwner(kind: 'group' | 'project', row: Role | null, left: Role | null): boolean {
  return kind === 'group' && row?.accessLevel === LEVEL.OWNER && left?.accessLevel !== LEVEL.OWNER;
}

/** Whether GitLab lets this person's Owner row go: somebody else is Owner, or the person is a robot, which the rule passes over (S14). */
export async function ownerMayGo(
  client: GitLabClient,
  key: { source: SourceRef & { path: string }; user: { id: string } },
): Promise<boolean> {
  const user = (await client.usersById([key.user.id])).get(key.user.id) ?? null;
  if (user instanceof GitLabError) throw user;
  if (user !== null && user.kind !== 'HUMAN') return true;
  const fullPath = (await currentPath(client, key.source)) ?? key.source.path;
  return hasOtherOwner(client, { id: key.source.id, fullPath }, key.user.id);
}
