import type { GitLabClient, MembersQuery, RoleWrite } from '../../../src/gitlab/client.ts';
import { GitLabError } from '../../../src/gitlab/errors.ts';
import type {
  DirectRow,
  GroupRecord,
  MemberRecord,
  PendingApproval,
  ProjectRecord,
  UserRecord,
} from '../../../src/gitlab/records.ts';
import { fakeClient, healthy } from '../../connections/fake-client.ts';

/** What the next call of that kind meets. `lost`: done, but the answer is cut off; `hang`: given up by who asked, and done later. */
export type FaultKind = 'down' | 'lost' | 'hang' | 'limited' | 'changed' | 'crash-before' | 'crash-after';
export type FaultedCall = 'read' | 'write';

/** The process dies at this point: nothing after it is stored or sent. */
export class Crash extends Error {}

export const GATEWAY_USER = '42';
const ADMINISTRATOR = '1000';
const GUEST = 10;

/** How this GitLab is set up. `unread`: it queues promotions, and its list of them cannot be read. */
export type Promotions = 'off' | 'listed' | 'unread';

export type GroupName = 'acme' | 'other';

/** A GitLab of one project in one of two groups, as seen through the client; one row a person and place. */
export type FakeGitLab = {
  client: GitLabClient;
  /** Rows of the project. */
  rows: Map<string, DirectRow>;
  /** Rows of the groups, by group. */
  above: Record<GroupName, Map<string, DirectRow>>;
  writes: number;
  /** The process that asks is dead, until it is started again. */
  dead: boolean;
  fault(call: FaultedCall, kind: FaultKind): void;
  clearFaults(): void;
  /** What GitLab's nightly job does once a day. */
  purge(): void;
  /** Carries out what hangs. */
  land(): void;
  /** An administrator decides about all that waits for the person. */
  decide(userId: string, approve: boolean): void;
  setState(userId: string, state: DirectRow['userState']): void;
  move(to: GroupName): void;
};

const groupIds = { acme: '5', other: '6' } as const;

const groupOf = (name: GroupName): GroupRecord => ({
  kind: 'group',
  id: groupIds[name],
  fullPath: name,
  name,
  visibility: 'PRIVATE',
  webUrl: `https://gitlab.example.com/groups/${name}`,
  parentId: null,
});

const projectIn = (name: GroupName): ProjectRecord => ({
  kind: 'project',
  id: '10',
  fullPath: `${name}/api`,
  name: 'api',
  visibility: 'PRIVATE',
  webUrl: `https://gitlab.example.com/${name}/api`,
  archived: false,
  groupId: groupIds[name],
});

type Waiting = RoleWrite & { expiresAt: string | null };
type Sent = 'sent' | 'queued';

export function createFakeGitLab(now: () => Date, promotions: Promotions): FakeGitLab {
  const rows = new Map<string, DirectRow>();
  const above = { acme: new Map<string, DirectRow>(), other: new Map<string, DirectRow>() };
  const faults: { call: FaultedCall; kind: FaultKind }[] = [];
  const states = new Map<string, DirectRow['userState']>();
  const changedAt = new Map<string, Date>();
  const waiting = new Map<string, Waiting>();
  let hanging: (() => unknown)[] = [];
  let place: GroupName = 'acme';

  const userOf = (id: string): UserRecord => ({
    id,
    username: `user-${id}`,
    name: `User ${id}`,
    kind: 'HUMAN',
    state: states.get(id) ?? 'ACTIVE',
    avatarUrl: null,
    webUrl: `https://gitlab.example.com/user-${id}`,
  });

  function crash(when: string): never {
    fake.dead = true;
    throw new Crash(when);
  }

  /** Runs one call with the fault that waits for its kind, if any. */
  function call<T>(kind: FaultedCall, work: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (fake.dead) throw new Crash('dead');
      const index = faults.findIndex((fault) => fault.call === kind);
      const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.kind;
      if (fault === 'down') throw new GitLabError('UNAVAILABLE', 'GitLab is down.');
      if (fault === 'limited') throw new GitLabError('RATE_LIMITED', 'Slow down.', { retryAfterMs: 5_000 });
      if (fault === 'changed') throw new GitLabError('PRECONDITION_FAILED', 'The row was changed.');
      if (fault === 'crash-before') crash('before');
      if (fault === 'hang') {
        if (kind === 'write') hanging.push(work);
        throw new GitLabError('TIMEOUT', 'No answer in time.');
      }
      const done = work();
      if (fault === 'lost') throw new GitLabError('CONNECTION_LOST', 'Cut off.');
      if (fault === 'crash-after') crash('after');
      resolve(done);
    });
  }

  function put(userId: string, role: RoleWrite, expiresAt: string | null, made: Partial<DirectRow>): void {
    changedAt.set(userId, now());
    rows.set(userId, {
      userId,
      username: `user-${userId}`,
      state: 'active',
      userState: 'ACTIVE',
      memberRole: null,
      ldap: false,
      samlRoot: false,
      createdAt: null,
      createdById: null,
      ...made,
      accessLevel: role.accessLevel,
      memberRoleId: role.memberRoleId,
      expiresAt,
    });
  }

  function existing(userId: string): DirectRow {
    const row = rows.get(userId);
    if (row === undefined) throw new GitLabError('MEMBER_NOT_FOUND', 'No such member.');
    return row;
  }

  function validate(userId: string, { accessLevel }: RoleWrite): void {
    const inherited = above[place].get(userId)?.accessLevel ?? 0;
    if (accessLevel < inherited) {
      const fields = { access_level: ['should be greater than or equal to the inherited level'] };
      throw new GitLabError('INVALID', 'Too low.', { fields });
    }
  }

  /** Whether the role waits for an administrator; then it takes the place of what waited before. */
  function queue(userId: string, wish: Waiting): boolean {
    const held = Math.max(rows.get(userId)?.accessLevel ?? 0, above.acme.get(userId)?.accessLevel ?? 0);
    const billable = Math.max(held, above.other.get(userId)?.accessLevel ?? 0) > GUEST;
    if (promotions === 'off' || wish.accessLevel <= GUEST || billable) return false;
    waiting.set(userId, wish);
    return true;
  }

  function add(userId: string, wish: Waiting, createdById: string): void {
    put(userId, wish, wish.expiresAt, { createdAt: now().toISOString(), createdById });
  }

  const memberRow = (name: GroupName, row: DirectRow): MemberRecord => ({
    rowId: row.userId,
    user: userOf(row.userId),
    accessLevel: row.accessLevel,
    expiresAt: row.expiresAt,
    createdAt: row.createdAt,
    createdBy: null,
    source: groupOf(name),
  });

  function membersIn({ id, userIds }: MembersQuery) {
    const name = id === groupIds.acme ? 'acme' : 'other';
    const items = [...above[name].values()].filter((row) => userIds?.includes(row.userId) ?? true);
    const page = items.map((row) => memberRow(name, row));
    return { items: page, hasNextPage: false, endCursor: null, totalCount: null };
  }

  function pendingOf(): PendingApproval[] | null {
    if (promotions === 'off') return null;
    if (promotions === 'unread') throw new GitLabError('UNREADABLE', 'It cannot be told.');
    return [...waiting].map(([userId, { accessLevel, memberRoleId }]) => ({
      userId,
      accessLevel,
      memberRoleId,
      requestedById: GATEWAY_USER,
    }));
  }

  const fake: FakeGitLab = {
    rows,
    above,
    writes: 0,
    dead: false,
    fault: (kind, fault) => faults.push({ call: kind, kind: fault }),
    clearFaults: () => faults.splice(0),
    purge() {
      const today = now().toISOString().slice(0, 10);
      for (const [id, row] of rows) if (row.expiresAt !== null && row.expiresAt <= today) rows.delete(id);
    },
    land() {
      const landing = hanging;
      hanging = [];
      for (const work of landing) {
        try {
          work();
        } catch (error) {
          // Nobody hears that GitLab refused it.
          if (!(error instanceof GitLabError)) throw error;
        }
      }
    },
    decide(userId, approve) {
      const wish = waiting.get(userId);
      waiting.delete(userId);
      if (wish === undefined || !approve) return;
      // GitLab makes no row whose end date has come, and none below what the person inherits.
      if (wish.expiresAt !== null && wish.expiresAt <= now().toISOString().slice(0, 10)) return;
      if (wish.accessLevel < (above[place].get(userId)?.accessLevel ?? 0)) return;
      const row = rows.get(userId);
      if (row === undefined) add(userId, wish, ADMINISTRATOR);
      else put(userId, wish, wish.expiresAt, row);
    },
    setState: (userId, state) => states.set(userId, state),
    move: (to) => {
      place = to;
    },
    client: {
      ...fakeClient(healthy),
      withPriority: () => fake.client,
      usersById: (ids) => call('read', () => new Map(ids.map((id) => [id, userOf(id)]))),
      projectsById: (ids) => call('read', () => new Map(ids.map((id) => [id, projectIn(place)]))),
      groupsById: (ids) =>
        call('read', () => new Map(ids.map((id) => [id, groupOf(id === groupIds.acme ? 'acme' : 'other')]))),
      groupsByPath: (paths) =>
        call(
          'read',
          () => new Map(paths.map((path) => [path, path === 'acme' || path === 'other' ? groupOf(path) : null])),
        ),
      members: (queries) => call('read', () => new Map(queries.map((query) => [query.key, membersIn(query)]))),
      sourceDetail: (ref) =>
        call('read', () => ({
          ref,
          fullPath: ref.kind === 'project' ? projectIn(place).fullPath : place,
          webUrl: projectIn(place).webUrl,
          archived: false,
          markedForDeletionOn: null,
          ldapLinked: false,
          samlLinked: false,
          membershipLock: null,
          sharedWithGroups: [],
          namespace: ref.kind === 'project' ? { kind: 'group', id: groupIds[place], fullPath: place } : null,
        })),
      directRows: (source, ids) =>
        call('read', () => {
          const table = source.kind === 'project' ? rows : above[source.id === groupIds.acme ? 'acme' : 'other'];
          return {
            rows: ids.flatMap((id) => {
              const row = table.get(id);
              return row === undefined ? [] : [{ ...row, userState: states.get(id) ?? 'ACTIVE' }];
            }),
            readAt: now(),
          };
        }),
      pendingApprovals: () => call('read', pendingOf),
      deletions: () => Promise.resolve(new Map()),
      deployTokens: () => Promise.resolve([]),
      deployKeys: () => Promise.resolve([]),
      accessTokens: () => Promise.resolve({ items: [], hasNextPage: false, endCursor: null, totalCount: 0 }),
      allMembers: () => Promise.resolve({ items: [], hasNextPage: false, endCursor: null, totalCount: null }),
      health: () => ({ clockSkewMs: null, rateLimit: null }),
      inForceOnProject: (_id, user) => Promise.resolve(rows.has(user.id)),
      addMember: (_source, userId, wish) =>
        call('write', (): Sent => {
          fake.writes += 1;
          if (rows.has(userId)) throw new GitLabError('CONFLICT', 'Member already exists.');
          validate(userId, wish);
          if (queue(userId, wish)) return 'queued';
          add(userId, wish, GATEWAY_USER);
          return 'sent';
        }),
      changeMember: (_source, userId, { expiresAt, ...role }) =>
        call('write', (): Sent => {
          fake.writes += 1;
          const row = existing(userId);
          validate(userId, role);
          if (role.accessLevel > row.accessLevel && queue(userId, { ...role, expiresAt: expiresAt ?? null }))
            return 'queued';
          put(userId, role, expiresAt === undefined ? row.expiresAt : expiresAt, row);
          return 'sent';
        }),
      removalWaitMs: () => null,
      removeMember: (_source, userId, { ifUnmodifiedSince }) =>
        call('write', () => {
          fake.writes += 1;
          existing(userId);
          const changed = changedAt.get(userId) ?? new Date(0);
          if (ifUnmodifiedSince !== null && changed > ifUnmodifiedSince) {
            throw new GitLabError('PRECONDITION_FAILED', 'The row was changed.');
          }
          rows.delete(userId);
        }),
    },
  };
  return fake;
}
