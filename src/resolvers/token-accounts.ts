import type { TokenHolder } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { Page, ServiceAccountRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { Holders } from './token-walk.ts';

const NONE: Page<ServiceAccountRecord> = { items: [], hasNextPage: false, endCursor: null, totalCount: null };

/** Stands between the two cursors that a place in this list has; neither holds it. */
const BETWEEN = '~';

/**
 * The service accounts that the top-level groups of the connection's user made, group after group, but for that user itself. A
 * GitLab that is not licensed for them, or has none, tells of none (docs/gitlab.md §service accounts).
 */
export function accountsOfGroups(loaders: Loaders): Holders {
  return async ({ first, after }) => {
    const [groupsAfter = '', accountsAfter = ''] = after?.split(BETWEEN) ?? [];
    const asked = { kind: 'group' as const, topLevelOnly: true, first: 1, after: groupsAfter || null };
    const groups = await loaders.managedSources.load(asked);
    const [group] = groups.items;
    if (group === undefined) return { ...NONE, items: [] };
    const page = await ifLicensed(
      loaders.serviceAccounts.load({ groupId: group.id, first, after: accountsAfter || null }),
    );
    const own = loaders.connection.identity.gitlabId;
    const items = page.items
      .filter(({ id }) => id !== own)
      .map(({ id }): TokenHolder & { id: string } => ({ kind: 'account', id, groupId: group.id }));
    const next = page.hasNextPage ? [groupsAfter, page.endCursor ?? ''] : [groups.endCursor ?? '', ''];
    const hasNextPage = page.hasNextPage || groups.hasNextPage;
    return { items, hasNextPage, endCursor: hasNextPage ? next.join(BETWEEN) : null, totalCount: null };
  };
}

async function ifLicensed(work: Promise<Page<ServiceAccountRecord>>): Promise<Page<ServiceAccountRecord>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof GitLabError && (error.code === 'FORBIDDEN' || error.code === 'NO_SUCH_ENDPOINT')) return NONE;
    throw error;
  }
}
