import type { ByKey, GitLabClient, MembersQuery } from './client.ts';
import type { About } from './read-cache.ts';
import type { Page, SourceRef } from './records.ts';
import type { OnReuse, Sharing } from './sharing.ts';

type MembershipsQuery = Parameters<GitLabClient['memberships']>[0][number];

type Reads = Pick<
  GitLabClient,
  | 'groupsByPath'
  | 'groupsById'
  | 'projectsByPath'
  | 'projectsById'
  | 'usersByUsername'
  | 'usersById'
  | 'members'
  | 'memberships'
  | 'groups'
  | 'projects'
  | 'users'
  | 'subgroups'
  | 'groupProjects'
  | 'sourceDetail'
  | 'directRows'
  | 'allMembers'
>;

/** A group's rows: which of them a list has besides those of the very source. */
function rowsAt(source: SourceRef, userIds: readonly string[] | null, relations: readonly string[]): About {
  return {
    rows: {
      source,
      userIds,
      below: relations.includes('DESCENDANTS'),
      above: relations.some((relation) => relation !== 'DIRECT' && relation !== 'DESCENDANTS'),
    },
  };
}

const one = (): number => 1;
const rowsOfPage = ({ items }: Page<unknown>): number => items.length;
const ANY_ROWS: About = { rows: { source: null, userIds: null, below: true, above: true } };
const EVERY_RELATION = ['DIRECT', 'INHERITED', 'DESCENDANTS', 'SHARED'];

/** The name of a question about members; the path is only another way to say the number. */
function membersName({ kind, id, relations, search, userIds, first, after }: MembersQuery): string {
  return JSON.stringify(['members', kind, id, relations, search, userIds, first, after]);
}

function membershipsName({ userId, kind, first, after }: MembershipsQuery): string {
  return JSON.stringify(['memberships', userId, kind, first, after]);
}

/**
 * The client as queries use it: its reads are shared with everybody who asks the same of this connection at the time, and for a
 * while after. `onReuse` is told the age of each answer that was there before. All else is the client's own.
 */
export function queryView(client: GitLabClient, sharing: Sharing, onReuse: OnReuse): GitLabClient {
  const texts = <V>(
    what: string,
    fold: (key: string) => string,
    read: (keys: readonly string[]) => Promise<ByKey<V>>,
  ) => {
    const nameOf = (key: string): string => `${what} ${fold(key)}`;
    const how = { nameOf, answerKey: (key: string) => key, about: () => 'things' as const, rowsOf: one, read };
    return async (keys: readonly string[]) => sharing.byKey(how, keys, onReuse);
  };
  const named = <V>(what: string, read: (keys: readonly string[]) => Promise<ByKey<V>>) =>
    texts(what, (key) => key.toLowerCase(), read);
  const numbered = <V>(what: string, read: (keys: readonly string[]) => Promise<ByKey<V>>) =>
    texts(what, (key) => key, read);
  const page = async <T>(question: readonly unknown[], about: About, read: () => Promise<Page<T>>): Promise<Page<T>> =>
    sharing.single({ name: JSON.stringify(question), about, rowsOf: rowsOfPage, read }, onReuse);

  const reads: Reads = {
    groupsByPath: named('group at', async (keys) => client.groupsByPath(keys)),
    groupsById: numbered('group', async (keys) => client.groupsById(keys)),
    projectsByPath: named('project at', async (keys) => client.projectsByPath(keys)),
    projectsById: numbered('project', async (keys) => client.projectsById(keys)),
    usersByUsername: named('user named', async (keys) => client.usersByUsername(keys)),
    usersById: numbered('user', async (keys) => client.usersById(keys)),
    members: async (queries) =>
      sharing.byKey(
        {
          nameOf: membersName,
          answerKey: ({ key }) => key,
          about: ({ kind, id, userIds, relations }) => rowsAt({ kind, id }, userIds, relations),
          rowsOf: rowsOfPage,
          read: async (asked) => client.members(asked),
        },
        queries,
        onReuse,
      ),
    memberships: async (queries) =>
      sharing.byKey(
        {
          nameOf: membershipsName,
          answerKey: ({ key }) => key,
          about: ({ userId }) => ({ rows: { source: null, userIds: [userId], below: false, above: false } }),
          rowsOf: rowsOfPage,
          read: async (asked) => client.memberships(asked),
        },
        queries,
        onReuse,
      ),
    groups: async (query) => page(['groups', query], 'things', async () => client.groups(query)),
    projects: async (query) => page(['projects', query], 'things', async () => client.projects(query)),
    users: async (query) => page(['users', query], ANY_ROWS, async () => client.users(query)),
    subgroups: async (group, asked) =>
      page(['subgroups', group, asked], 'things', async () => client.subgroups(group, asked)),
    groupProjects: async (group, asked) =>
      page(['group projects', group, asked], 'things', async () => client.groupProjects(group, asked)),
    sourceDetail: async ({ kind, id }) =>
      sharing.single(
        {
          name: `detail ${kind} ${id}`,
          about: 'things',
          rowsOf: one,
          read: async () => client.sourceDetail({ kind, id }),
        },
        onReuse,
      ),
    directRows: async (source, userIds) =>
      sharing.single(
        {
          name: JSON.stringify(['direct rows', source.kind, source.id, userIds]),
          about: rowsAt(source, userIds, ['DIRECT']),
          rowsOf: ({ rows }) => rows.length,
          read: async () => client.directRows(source, userIds),
        },
        onReuse,
      ),
    allMembers: async (source, query) =>
      page(['all members', source.kind, source.id, query], rowsAt(source, query.userIds, EVERY_RELATION), async () =>
        client.allMembers(source, query),
      ),
  };
  return { ...client, ...reads };
}
