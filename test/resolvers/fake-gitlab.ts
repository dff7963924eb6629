import type { ByKey, GitLabClient, MembersQuery, PageRequest } from '../../src/gitlab/client.ts';
import { GitLabError } from '../../src/gitlab/errors.ts';
import type {
  DirectRow,
  GroupRecord,
  MemberRecord,
  Page,
  ProjectRecord,
  SourceDetail,
  SourceRef,
  UserRecord,
} from '../../src/gitlab/records.ts';

export type FakeRow = { rowId: number; source: SourceRef; userId: string; level: number; roleId?: string };
/** `into` is opened to the members of the group `invited`. */
export type FakeLink = { into: SourceRef; invited: string; level: number };

/** A GitLab in memory with only what reading needs: whoever asks, sees all but `hidden` members lists. */
export type FakeWorld = {
  groups: GroupRecord[];
  projects: ProjectRecord[];
  users: UserRecord[];
  rows: FakeRow[];
  links: FakeLink[];
  /** Sources whose members may not be read, as `group:5`. */
  hidden: Set<string>;
  /** Errors that single keys of a call meet: by a path, a username, or `group:5` for members. */
  failing: Map<string, GitLabError>;
  /** User ids whose own list of memberships comes out empty. */
  privateProfiles: Set<string>;
  /** Ids of private groups: their rows and links show in no list but that of everybody. */
  unseen: Set<string>;
};

/** Each call that was made, with how many keys it had. */
export type Calls = { method: string; keys: number }[];

export function emptyWorld(): FakeWorld {
  return {
    groups: [],
    projects: [],
    users: [],
    rows: [],
    links: [],
    hidden: new Set(),
    failing: new Map(),
    privateProfiles: new Set(),
    unseen: new Set(),
  };
}

export function fakeGroup(id: string, fullPath: string, parentId: string | null = null): GroupRecord {
  const name = fullPath.split('/').at(-1) ?? fullPath;
  return {
    kind: 'group',
    id,
    fullPath,
    name,
    visibility: 'PRIVATE',
    webUrl: `https://gitlab.test/${fullPath}`,
    parentId,
  };
}

export function fakeProject(id: string, fullPath: string, groupId: string | null): ProjectRecord {
  const { name, visibility, webUrl } = fakeGroup(id, fullPath);
  return { kind: 'project', id, fullPath, name, visibility, webUrl, archived: false, groupId };
}

export function fakeUser(id: string, username: string, state: UserRecord['state'] = 'ACTIVE'): UserRecord {
  return {
    id,
    username,
    name: username,
    kind: 'HUMAN',
    state,
    avatarUrl: null,
    webUrl: `https://gitlab.test/${username}`,
  };
}

function keyOf({ kind, id }: SourceRef): string {
  return `${kind}:${id}`;
}

function unused(): never {
  throw new Error('No test here asks GitLab for that.');
}

/** A client of that GitLab; `calls` is filled as it is used. */
export function fakeClient(world: FakeWorld, calls: Calls): GitLabClient {
  const note = (method: string, keys: number): void => {
    calls.push({ method, keys });
  };
  const look =
    <T extends { id: string }>(method: string, things: () => T[], nameOf: (thing: T) => string) =>
    (keys: readonly string[]): Promise<ByKey<T>> => {
      note(method, keys.length);
      const find = (key: string): T | null =>
        things().find((thing) => nameOf(thing).toLowerCase() === key.toLowerCase()) ?? null;
      return Promise.resolve(new Map(keys.map((key) => [key, world.failing.get(key) ?? find(key)])));
    };
  const list = <T extends { id: string; name: string }>(
    method: string,
    things: T[],
    page: PageRequest & { search?: string | null },
  ) => {
    note(method, 1);
    const { search = null } = page;
    return Promise.resolve(
      cut(search === null ? things : things.filter(({ name }) => name.includes(search)), ({ id }) => id, page),
    );
  };
  const under = (id: string) => ({
    groups: world.groups.filter(({ parentId }) => parentId === id),
    projects: world.projects.filter(({ groupId }) => groupId === id),
  });
  const client: GitLabClient = {
    baseUrl: 'https://gitlab.test',
    health: unused,
    withPriority: unused,
    forQueries: () => client,
    forget: () => undefined,
    tokenSelf: unused,
    rotateSelf: unused,
    currentUser: unused,
    metadata: unused,
    probeAdmin: unused,
    ownGroups: unused,
    accessRequests: unused,
    pendingApprovals: unused,
    accessTokens: unused,
    accessToken: unused,
    bulk: unused,
    managedSources: unused,
    serviceAccounts: unused,
    deployTokens: unused,
    deployKeys: unused,
    addMember: unused,
    changeMember: unused,
    removeMember: unused,
    removalWaitMs: () => null,
    close: () => Promise.resolve(),
    groupsByPath: look(
      'groupsByPath',
      () => world.groups,
      ({ fullPath }) => fullPath,
    ),
    groupsById: look(
      'groupsById',
      () => world.groups,
      ({ id }) => id,
    ),
    projectsByPath: look(
      'projectsByPath',
      () => world.projects,
      ({ fullPath }) => fullPath,
    ),
    projectsById: look(
      'projectsById',
      () => world.projects,
      ({ id }) => id,
    ),
    usersByUsername: look(
      'usersByUsername',
      () => world.users,
      ({ username }) => username,
    ),
    usersById: look(
      'usersById',
      () => world.users,
      ({ id }) => id,
    ),
    deletions: () => Promise.resolve(new Map()),
    members(queries) {
      note('members', queries.length);
      const answer = (query: MembersQuery): Page<MemberRecord> | GitLabError | null => {
        const failure = world.failing.get(keyOf(query));
        if (failure !== undefined) return failure;
        if (world.hidden.has(keyOf(query))) return notListed();
        return cut(memberList(world, query), ({ rowId }) => rowId, query);
      };
      return Promise.resolve(new Map(queries.map((query) => [query.key, answer(query)])));
    },
    memberships(queries) {
      note('memberships', queries.length);
      return Promise.resolve(
        new Map(
          queries.map((query) => {
            const rows = world.privateProfiles.has(query.userId)
              ? []
              : world.rows.filter(({ userId, source }) => userId === query.userId && source.kind === query.kind);
            return [query.key, cut(newestFirst(rows.map((row) => record(world, row))), ({ rowId }) => rowId, query)];
          }),
        ),
      );
    },
    groups: (query) =>
      list(
        'groups',
        query.topLevelOnly ? world.groups.filter(({ parentId }) => parentId === null) : world.groups,
        query,
      ),
    projects: (query) => list('projects', world.projects, query),
    users: (query) => list('users', world.users, query),
    subgroups: ({ id }, page) => list('subgroups', under(id).groups, page),
    groupProjects: ({ id }, page) => list('groupProjects', under(id).projects, page),
    sourceDetail(source) {
      note('sourceDetail', 1);
      return Promise.resolve(detail(world, source));
    },
    directRows(source, userIds) {
      note('directRows', userIds.length);
      const rows = world.rows.filter((row) => keyOf(row.source) === keyOf(source) && userIds.includes(row.userId));
      return Promise.resolve({ rows: rows.map((row) => direct(world, row)), readAt: new Date(0) });
    },
    inForceOnProject: unused,
    allMembers(source, query) {
      note('allMembers', 1);
      if (world.hidden.has(keyOf(source))) return Promise.reject(notListed());
      const rows = everybody(world, source)
        .map(({ row, level }) => ({ ...direct(world, row), accessLevel: level }))
        .filter(({ userId }) => query.userIds?.includes(userId) ?? true);
      return Promise.resolve(cut(rows, ({ userId }) => userId, query));
    },
  };
  return client;
}

function notListed(): GitLabError {
  return new GitLabError('FORBIDDEN', 'GitLab does not list the members there.');
}

/** GitLab's page of a list: at most 100, behind the entry that the cursor names. */
function cut<T>(all: T[], idOf: (entry: T) => string, { first, after }: PageRequest): Page<T> {
  const from = after === null ? 0 : Number(after);
  const items = all.slice(from, from + Math.min(100, first));
  const end = from + items.length;
  if (new Set(all.map(idOf)).size !== all.length) throw new Error('The world gives one entry twice.');
  return {
    items,
    hasNextPage: end < all.length,
    endCursor: items.length === 0 ? null : String(end),
    totalCount: all.length,
  };
}

type Shown = { row: FakeRow; level: number };

/** One row for each user over the relations asked for, the highest; a direct one on ties; newest first. */
function memberList(world: FakeWorld, query: MembersQuery): MemberRecord[] {
  const all = query.kind === 'group' ? groupRows(world, query.id, query.relations) : projectRows(world, query);
  const { search, userIds, relations } = query;
  const inForce =
    query.kind === 'project' && relations.join() !== 'DIRECT'
      ? new Map(everybody(world, query).map(({ row, level }) => [row.userId, level]))
      : null;
  const shown = highest(all.filter(({ row }) => row.source.kind === 'project' || !world.unseen.has(row.source.id)));
  const rows = shown.map(({ row, level }) => record(world, row, inForce?.get(row.userId) ?? level));
  return newestFirst(rows).filter(
    ({ user }) =>
      (search === null || user.username.includes(search)) && (userIds === null || userIds.includes(user.id)),
  );
}

/** Everybody by any way, also by groups that are not seen; the highest row of each. */
function everybody(world: FakeWorld, source: SourceRef): Shown[] {
  const ways = ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS'];
  return highest(
    source.kind === 'group'
      ? groupRows(world, source.id, ways)
      : projectRows(world, { id: source.id, relations: ['DIRECT', 'INHERITED'] }).filter(({ level }) => level > 5),
  );
}

function highest(shown: readonly Shown[]): Shown[] {
  const best = new Map<string, Shown>();
  for (const each of shown) {
    const known = best.get(each.row.userId);
    if (known === undefined || each.level > known.level) best.set(each.row.userId, each);
  }
  return [...best.values()];
}

function groupRows(world: FakeWorld, id: string, relations: readonly string[]): Shown[] {
  const above = chainOf(world, id);
  const at = (groupId: string): Shown[] => rowsAt(world, { kind: 'group', id: groupId });
  return [
    ...(relations.includes('DIRECT') ? at(id) : []),
    ...(relations.includes('INHERITED') ? above.slice(1).flatMap(at) : []),
    ...(relations.includes('SHARED_FROM_GROUPS')
      ? above.flatMap((groupId) =>
          world.links
            .filter(({ into }) => keyOf(into) === `group:${groupId}`)
            .flatMap((link) => at(link.invited).map(({ row, level }) => ({ row, level: Math.min(level, link.level) }))),
        )
      : []),
  ];
}

function projectRows(world: FakeWorld, query: { id: string; relations: readonly string[] }): Shown[] {
  const direct = rowsAt(world, { kind: 'project', id: query.id });
  if (query.relations.length === 1 && query.relations[0] === 'DIRECT') return direct;
  const groupId = world.projects.find(({ id }) => id === query.id)?.groupId ?? null;
  const fromGroups = groupId === null ? [] : groupRows(world, groupId, ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS']);
  const fromLinks = world.links
    .filter(({ into }) => keyOf(into) === `project:${query.id}`)
    .flatMap((link) =>
      groupRows(world, link.invited, ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS']).map(({ row, level }) => ({
        row,
        level: Math.min(level, link.level),
      })),
    );
  return [...direct, ...fromGroups, ...fromLinks];
}

/** A group and those above it, the nearest first. */
export function chainOf(world: FakeWorld, id: string): string[] {
  const parentId = world.groups.find((group) => group.id === id)?.parentId ?? null;
  return parentId === null ? [id] : [id, ...chainOf(world, parentId)];
}

function rowsAt(world: FakeWorld, source: SourceRef): Shown[] {
  return world.rows.filter((row) => keyOf(row.source) === keyOf(source)).map((row) => ({ row, level: row.level }));
}

function record(world: FakeWorld, row: FakeRow, level = row.level): MemberRecord {
  const user = world.users.find(({ id }) => id === row.userId);
  if (user === undefined) throw new Error(`The world has no user ${row.userId}.`);
  const sources = row.source.kind === 'group' ? world.groups : world.projects;
  const source = sources.find(({ id }) => id === row.source.id) ?? null;
  return {
    rowId: String(row.rowId),
    user,
    accessLevel: level,
    expiresAt: null,
    createdAt: null,
    createdBy: null,
    source,
  };
}

function newestFirst(rows: MemberRecord[]): MemberRecord[] {
  return rows.toSorted((a, b) => Number(b.rowId) - Number(a.rowId));
}

function detail(world: FakeWorld, ref: SourceRef): SourceDetail {
  const links = world.links.filter(({ into, invited }) => keyOf(into) === keyOf(ref) && !world.unseen.has(invited));
  return {
    ref,
    fullPath: '',
    webUrl: '',
    archived: false,
    markedForDeletionOn: null,
    ldapLinked: false,
    samlLinked: false,
    membershipLock: null,
    sharedWithGroups: links.map(({ invited, level }) => ({
      groupId: invited,
      groupFullPath: world.groups.find(({ id }) => id === invited)?.fullPath ?? '',
      groupName: '',
      accessLevel: level,
      expiresAt: null,
    })),
    namespace: null,
  };
}

function direct(world: FakeWorld, row: FakeRow): DirectRow {
  const { roleId = null } = row;
  return {
    userId: row.userId,
    username: world.users.find(({ id }) => id === row.userId)?.username ?? '',
    accessLevel: row.level,
    memberRoleId: roleId,
    expiresAt: null,
    createdAt: null,
    createdById: null,
    state: 'active',
    userState: 'ACTIVE',
    memberRole: roleId === null ? null : { id: roleId, name: `Role ${roleId}`, baseAccessLevel: row.level },
    ldap: false,
    samlRoot: false,
  };
}
