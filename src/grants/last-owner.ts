import { refuse } from '../errors.ts';
import type { ByKey, GitLabClient, GroupRelation, MembersQuery } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { MemberRecord, Page, SourceRecord, UserRecord } from '../gitlab/records.ts';
import { LEVEL } from './levels.ts';
import type { Role } from './levels.ts';

const PAGE = 100;
/** Enough for any list that people keep; a group of more members is believed to have another Owner only when one is found. */
const MOST_PAGES = 100;

/**
 * Whether the group has a human Owner besides this one, by GitLab's own rule (docs/gitlab.md §last owner): in a top-level group
 * its direct rows, below also ancestors and invited groups; blocked people count, robots never do. Rejects with a `GitLabError`.
 */
async function hasOtherOwner(
  client: GitLabClient,
  group: { id: string; fullPath: string },
  userId: string,
): Promise<boolean> {
  const relations: GroupRelation[] = group.fullPath.includes('/')
    ? ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS']
    : ['DIRECT'];
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query: MembersQuery = {
      kind: 'group',
      key: 'owners',
      ...group,
      relations,
      userIds: null,
      search: null,
      first: PAGE,
      after,
    };
    const answered: ByKey<Page<MemberRecord>> = await client.members([query]);
    const page = answered.get('owners') ?? null;
    if (page instanceof GitLabError) throw page;
    if (page === null) return false;
    const other = page.items.some(
      (row) => row.accessLevel === LEVEL.OWNER && row.user.kind === 'HUMAN' && row.user.id !== userId,
    );
    if (other) return true;
    if (!page.hasNextPage) return false;
    after = page.endCursor;
  }
  return false;
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
  if (await hasOtherOwner(client, { id: target.id, fullPath: target.fullPath }, user.id)) return;
  throw refuse(
    'LAST_OWNER',
    `${user.username} is the last Owner of ${target.fullPath}. Make somebody else Owner first.`,
    field,
  );
}
