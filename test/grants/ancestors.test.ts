import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GitLabClient } from '../../src/gitlab/client.ts';
import type { GroupRecord, MemberRecord } from '../../src/gitlab/records.ts';
import { readInherited } from '../../src/grants/ancestors.ts';
import { upsertInstance } from '../../src/store/instances.ts';
import { changeKey, lockKeyAt } from '../../src/store/ledger.ts';
import type { KeyChange } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/store.ts';
import { fakeClient, healthy } from '../connections/fake-client.ts';
import { openTestStore } from '../support/stores.ts';

const GROUP: GroupRecord = {
  kind: 'group',
  id: '5',
  fullPath: 'acme',
  name: 'acme',
  visibility: 'PRIVATE',
  webUrl: 'https://gitlab.example.com/groups/acme',
  parentId: null,
};
const RAISED = { accessLevel: 40, memberRoleId: null, expiresAt: null, createdAt: null };
const WRITING = { at: new Date(), before: 'absent' as const, want: RAISED };

describe('what the groups above give without our own grants', () => {
  let store: Store;
  let instanceId = '';
  let people = 100;
  beforeAll(async () => {
    store = await openTestStore({ clockShiftMs: () => 0 });
    instanceId = (await store.transaction((tx) => upsertInstance(tx, new Date(), 'https://gitlab.example.com'))).id;
  }, 60_000);
  afterAll(() => store.close());

  async function setKey(userId: string, change: KeyChange): Promise<void> {
    await store.transaction(async (tx) => {
      const source = { kind: 'group' as const, id: GROUP.id, path: GROUP.fullPath };
      const key = await lockKeyAt(tx, { instanceId, source, user: { id: userId, username: `user-${userId}` } });
      await changeKey(tx, key.id, change);
    });
  }

  /** GitLab shows Maintainer on the group by GraphQL and nothing by REST; `meanwhile` happens while it is asked. */
  async function read(
    userId: string,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
    { exact } = { exact: false },
  ) {
    const row: MemberRecord = {
      rowId: '1',
      user: {
        id: userId,
        username: 'x',
        name: 'x',
        kind: 'HUMAN',
        state: 'ACTIVE',
        avatarUrl: null,
        webUrl: 'https://x',
      },
      accessLevel: 40,
      expiresAt: null,
      createdAt: null,
      createdBy: null,
      source: GROUP,
    };
    const client: GitLabClient = {
      ...fakeClient(healthy),
      directRows: () => Promise.resolve({ rows: [], readAt: new Date() }),
      groupsByPath: (paths) => Promise.resolve(new Map(paths.map((path) => [path, GROUP]))),
      members: async (queries) => {
        await meanwhile();
        const page = { items: [row], hasNextPage: false, endCursor: null, totalCount: null };
        return new Map(queries.map(({ key }) => [key, page]));
      },
    };
    const deps = { client, db: store.db, instanceId };
    return (await readInherited(deps, 'acme/api', userId, { exact })).inherited;
  }

  const someone = (): string => String((people += 1));

  it('S30: a row that nobody of us wrote is somebody else’s', async () => {
    expect((await read(someone())).others).toMatchObject({ accessLevel: 40 });
  });

  it('S30: where it decides, a row above counts only as REST shows it', async () => {
    expect(await read(someone(), undefined, { exact: true })).toEqual({ all: null, others: null });
  });

  it('S30: a raise of ours that is written but not settled yet is ours', async () => {
    const person = someone();
    await setKey(person, { base: 'absent', intent: WRITING });
    expect(await read(person)).toMatchObject({ all: { accessLevel: 40 }, others: null });
  });

  it('S30: a raise of ours that ends while GitLab is asked is ours', async () => {
    const person = someone();
    await setKey(person, { base: { ...RAISED, accessLevel: 20 }, ours: { ...RAISED, heldDate: null } });
    const inherited = await read(person, () => setKey(person, { base: null, ours: null, intent: null }));
    expect(inherited.others).toMatchObject({ accessLevel: 20 });
  });

  it('S30: a raise of ours that begins while GitLab is asked is ours', async () => {
    const person = someone();
    const inherited = await read(person, () => setKey(person, { base: 'absent', intent: WRITING }));
    expect(inherited.others).toBeNull();
  });
});
