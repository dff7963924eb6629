import type { GitLabClient, MembersQuery } from '../src/gitlab/client.ts';
import type { GitLabError } from '../src/gitlab/errors.ts';
import type { GroupRecord, MemberRecord, Page } from '../src/gitlab/records.ts';
import type { Services } from '../src/resolvers/services.ts';
import { servicesOf } from '../test/resolvers/ask.ts';
import { emptyWorld, fakeClient, fakeGroup, fakeUser } from '../test/resolvers/fake-gitlab.ts';
import { fakeConnection } from '../test/server/fake-connection.ts';

export type Sizes = { groups: number; members: number };

/** What a front end asks of a page of membership tables. */
export const QUESTION = `query Members($paths: [ID!]!, $first: Int!) {
  connection(name: "work") {
    groups(fullPaths: $paths, first: 100) {
      nodes {
        id
        fullPath
        members(kinds: [DIRECT], first: $first) {
          nodes {
            id
            kind
            accessLevel
            accessLevelValue
            expiresAt
            createdAt
            user { id username name state }
            source { fullPath }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
}`;

export function variablesOf({ groups, members }: Sizes): { paths: string[]; first: number } {
  return { paths: Array.from({ length: groups }, (_, index) => pathOf(index)), first: members };
}

function pathOf(index: number): string {
  return `team-${String(index)}`;
}

/** The services of a process whose records of GitLab are all in memory: every read is answered at once, with the same objects. */
export function warmServices(sizes: Sizes): Services {
  const world = emptyWorld();
  world.groups = variablesOf(sizes).paths.map((path, index) => fakeGroup(String(index + 1), path));
  const pages = new Map(world.groups.map((group, index) => [group.id, pageOf(group, index, sizes.members)]));
  const known = new Map(world.groups.map((group) => [group.fullPath, group]));
  const client: GitLabClient = {
    ...fakeClient(world, []),
    forQueries: () => client,
    groupsByPath: (paths: readonly string[]) =>
      Promise.resolve(new Map(paths.map((path) => [path, known.get(path) ?? null]))),
    members: (queries: readonly MembersQuery[]) =>
      Promise.resolve(
        new Map<string, Page<MemberRecord> | GitLabError | null>(
          queries.map((query) => [query.key, pages.get(query.id) ?? null]),
        ),
      ),
  };
  return servicesOf(fakeConnection('work'), client, {});
}

function pageOf(group: GroupRecord, index: number, members: number): Page<MemberRecord> {
  const items = Array.from({ length: members }, (_, member): MemberRecord => {
    const number = index * members + member + 1;
    return {
      rowId: String(1_000_000 - number),
      user: fakeUser(String(number), `person-${String(number)}`),
      accessLevel: [10, 20, 30, 40, 50][number % 5] ?? 10,
      expiresAt: number % 3 === 0 ? '2027-01-31' : null,
      createdAt: '2026-01-02T03:04:05.678Z',
      createdBy: null,
      source: group,
    };
  });
  return { items, hasNextPage: false, endCursor: null, totalCount: null };
}
