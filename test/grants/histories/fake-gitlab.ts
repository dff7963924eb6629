import type { GitLabClient, RoleWrite } from '../../../src/gitlab/client.ts';
import { GitLabError } from '../../../src/gitlab/errors.ts';
import type { DirectRow, ProjectRecord, UserRecord } from '../../../src/gitlab/records.ts';
import { fakeClient, healthy } from '../../connections/fake-client.ts';

/** What the next call of that kind meets. `lost`: done, but the answer is cut off. */
export type FaultKind = 'down' | 'lost' | 'limited' | 'crash-before' | 'crash-after';
export type FaultedCall = 'read' | 'write';

/** The process dies at this point: nothing after it is stored or sent. */
export class Crash extends Error {}

export const GATEWAY_USER = '42';
export const PERSON = '7';

/** A GitLab of one project in one group, as seen through the client; one row a person. */
export type FakeGitLab = {
  client: GitLabClient;
  rows: Map<string, DirectRow>;
  writes: number;
  fault(call: FaultedCall, kind: FaultKind): void;
  clearFaults(): void;
  /** What GitLab's nightly job does once a day. */
  purge(): void;
};

const project: ProjectRecord = {
  kind: 'project',
  id: '10',
  fullPath: 'acme/api',
  name: 'api',
  visibility: 'PRIVATE',
  webUrl: 'https://gitlab.example.com/acme/api',
  archived: false,
  groupId: '5',
};

export const userOf = (id: string): UserRecord => ({
  id,
  username: `user-${id}`,
  name: `User ${id}`,
  kind: 'HUMAN',
  state: 'ACTIVE',
  avatarUrl: null,
  webUrl: `https://gitlab.example.com/user-${id}`,
});

export function createFakeGitLab(now: () => Date): FakeGitLab {
  const rows = new Map<string, DirectRow>();
  const faults: { call: FaultedCall; kind: FaultKind }[] = [];

  /** Runs one call with the fault that waits for its kind, if any. */
  function call<T>(kind: FaultedCall, work: () => T): Promise<T> {
    const index = faults.findIndex((fault) => fault.call === kind);
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.kind;
    return new Promise((resolve) => {
      if (fault === 'down') throw new GitLabError('UNAVAILABLE', 'GitLab is down.');
      if (fault === 'limited') throw new GitLabError('RATE_LIMITED', 'Slow down.', { retryAfterMs: 5_000 });
      if (fault === 'crash-before') throw new Crash('before');
      const done = work();
      if (fault === 'lost') throw new GitLabError('CONNECTION_LOST', 'Cut off.');
      if (fault === 'crash-after') throw new Crash('after');
      resolve(done);
    });
  }

  function put(userId: string, role: RoleWrite, expiresAt: string | null, made: Partial<DirectRow>): void {
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

  const fake: FakeGitLab = {
    rows,
    writes: 0,
    fault: (kind, fault) => faults.push({ call: kind, kind: fault }),
    clearFaults: () => faults.splice(0),
    purge() {
      const today = now().toISOString().slice(0, 10);
      for (const [id, row] of rows) if (row.expiresAt !== null && row.expiresAt <= today) rows.delete(id);
    },
    client: {
      ...fakeClient(healthy),
      withPriority: () => fake.client,
      usersById: (ids) => call('read', () => new Map(ids.map((id) => [id, userOf(id)]))),
      projectsById: (ids) => call('read', () => new Map(ids.map((id) => [id, project]))),
      groupsByPath: (paths) => Promise.resolve(new Map(paths.map((path) => [path, null]))),
      members: (queries) => Promise.resolve(new Map(queries.map(({ key }) => [key, null]))),
      sourceDetail: (ref) =>
        call('read', () => ({
          ref,
          fullPath: project.fullPath,
          webUrl: project.webUrl,
          archived: false,
          markedForDeletionOn: null,
          ldapLinked: false,
          samlLinked: false,
          membershipLock: null,
          sharedWithGroups: [],
          namespace: { kind: 'group', id: '5', fullPath: 'acme' },
        })),
      directRows: (_source, ids) =>
        call('read', () => ({
          rows: ids.flatMap((id) => {
            const row = rows.get(id);
            return row === undefined ? [] : [{ ...row }];
          }),
          readAt: now(),
        })),
      deployTokens: () => Promise.resolve([]),
      deployKeys: () => Promise.resolve([]),
      accessTokens: () => Promise.resolve({ items: [], hasNextPage: false, endCursor: null, totalCount: 0 }),
      allMembers: () => Promise.resolve({ items: [], hasNextPage: false, endCursor: null, totalCount: null }),
      health: () => ({ clockSkewMs: null, rateLimit: null }),
      inForceOnProject: (_id, user) => Promise.resolve(rows.has(user.id)),
      addMember: (_source, userId, { expiresAt, ...role }) =>
        call('write', () => {
          fake.writes += 1;
          if (rows.has(userId)) throw new GitLabError('CONFLICT', 'Member already exists.');
          put(userId, role, expiresAt, { createdAt: now().toISOString(), createdById: GATEWAY_USER });
          return 'sent' as const;
        }),
      changeMember: (_source, userId, { expiresAt, ...role }) =>
        call('write', () => {
          fake.writes += 1;
          const row = existing(userId);
          put(userId, role, expiresAt === undefined ? row.expiresAt : expiresAt, row);
          return 'sent' as const;
        }),
      removalWaitMs: () => null,
      removeMember: (_source, userId) =>
        call('write', () => {
          fake.writes += 1;
          existing(userId);
          rows.delete(userId);
        }),
    },
  };
  return fake;
}
