import type { GitLabClient, MembersQuery } from '../client.ts';
import { firstGroups } from '../rest/groups.ts';
import type { Session } from '../session.ts';
import { members } from './members.ts';
import { orThrow } from './results.ts';

type OwnGroups = Awaited<ReturnType<GitLabClient['ownGroups']>>;

/**
 * Groups in which the token's own user holds a role, with the highest that its own or a higher group's row gives. Null: none
 * is shown, as for an administrator without a row.
 */
export async function ownGroups(session: Session, limit: number): Promise<OwnGroups> {
  const groups = await firstGroups(session, limit);
  if (groups.length === 0) return [];
  await session.learn();
  const me = session.knowledge.userId ?? '';
  const queries = groups.map(({ record }): MembersQuery => ({
    key: record.id,
    kind: 'group',
    id: record.id,
    fullPath: record.fullPath,
    relations: ['DIRECT', 'INHERITED'],
    search: null,
    userIds: [me],
    first: 1,
    after: null,
  }));
  const rows = await members(session, queries);
  return groups.map(({ record, ldapLinked, samlLinked }) => ({
    group: record,
    accessLevel: orThrow(rows.get(record.id) ?? null)?.items[0]?.accessLevel ?? null,
    topLevel: record.parentId === null,
    synced: ldapLinked || samlLinked,
  }));
}
