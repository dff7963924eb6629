import { afterEach, describe, expect, it } from '@jest/globals';
import type { MembersQuery } from '../../src/gitlab/index.ts';
import { rig } from './support/client.ts';
import type { Rig } from './support/client.ts';
import type { Answer, Reply, Seen } from './support/server.ts';

let open: Rig | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

type Body = { query: string; variables: Record<string, unknown> };

const USER = { id: 'gid://gitlab/User/1', username: 'ana', name: 'Ana', state: 'active', type: 'HUMAN' };
const ROW = {
  id: 'gid://gitlab/GroupMember/3',
  accessLevel: { integerValue: 30 },
  expiresAt: null,
  createdAt: null,
  createdBy: null,
};

function group(path: string): object {
  const id = 'gid://gitlab/Group/5';
  return { id, fullPath: path, name: path, visibility: 'private', webUrl: '', parent: null };
}

/** What GitLab answers: to paths, and to questions about members of group 5. */
function answered(seen: Seen): Reply {
  const { variables } = JSON.parse(seen.body) as Body;
  const data: Record<string, unknown> = {
    p0_currentUser: { id: 'gid://gitlab/User/1' },
    p1_currentUser: { id: 'gid://gitlab/User/1' },
    p0_metadata: { version: '18.9.0' },
    p0_queryComplexity: { limit: 250 },
  };
  const user = { ...USER, avatarUrl: null, webUrl: '' };
  for (const [name, value] of Object.entries(variables)) {
    const [part = ''] = name.split('_');
    if (name.endsWith('_fullPath')) data[`${part}_group`] = value === 'hidden' ? null : group(String(value));
    if (!name.endsWith('_ids')) continue;
    const rows = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [{ ...ROW, user }] };
    data[`${part}_groups`] = { nodes: [{ ...group('a'), groupMembers: rows }] };
  }
  return { status: 200, json: { data } };
}

/** A server that holds its answers until it is told to give them. */
function holding(answer: (seen: Seen, count: number) => Answer = answered) {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    release: () => {
      release();
    },
    answer: async (seen: Seen, count: number): Promise<Answer> => {
      await gate;
      return answer(seen, count);
    },
  };
}

async function seenBy(rig: Rig, count: number): Promise<void> {
  const endsAtMs = Date.now() + 30_000;
  while (rig.server.seen.length < count) {
    if (Date.now() > endsAtMs) throw new Error('The server was not asked in time.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const members = (more: Partial<MembersQuery> = {}): MembersQuery =>
  ({
    key: 'k',
    kind: 'group',
    id: '5',
    fullPath: 'a',
    relations: ['DIRECT'],
    search: null,
    userIds: null,
    first: 20,
    after: null,
    ...more,
  }) as MembersQuery;

const cached = (clock: { ms: number }) => ({
  now: () => new Date(clock.ms),
  readCache: { ttlMs: 3_000, maxRows: 1_000 },
});

describe('equal reads at the same time', () => {
  it('share one call, whoever asks', async () => {
    const held = holding();
    open = await rig(held.answer);
    const first = open.client.forQueries().groupsByPath(['a', 'b']);
    await seenBy(open, 1);
    const second = open.client.forQueries().groupsByPath(['B', 'A']);
    held.release();
    expect([...(await first).keys()]).toEqual(['a', 'b']);
    expect([...(await second)].map(([key, found]) => [key, found !== null && 'fullPath' in found])).toEqual([
      ['B', true],
      ['A', true],
    ]);
    expect(open.server.seen).toHaveLength(1);
  });

  it('share what is equal, and ask for the rest', async () => {
    const held = holding();
    open = await rig(held.answer);
    const first = open.client.forQueries().groupsByPath(['a', 'b']);
    await seenBy(open, 1);
    const second = open.client.forQueries().groupsByPath(['b', 'c']);
    await seenBy(open, 2);
    held.release();
    await Promise.all([first, second]);
    const { variables } = JSON.parse(open.server.seen[1]?.body ?? '') as Body;
    expect(new Set(Object.values(variables))).toEqual(new Set(['c']));
  });

  it('are asked again once the answer is there, where nothing is kept', async () => {
    open = await rig(answered);
    await open.client.forQueries().groupsByPath(['a']);
    await open.client.forQueries().groupsByPath(['a']);
    expect(open.server.seen).toHaveLength(2);
  });

  it('fail together, and nobody later', async () => {
    const held = holding((seen, count) => (count === 1 ? { status: 401, json: {} } : answered(seen)));
    open = await rig(held.answer);
    const first = open.client.forQueries().groupsByPath(['a']);
    await seenBy(open, 1);
    const second = open.client.forQueries().groupsByPath(['a']);
    held.release();
    expect([(await first).get('a'), (await second).get('a')]).toEqual([
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    ]);
    expect(open.server.seen).toHaveLength(1);
    expect((await open.client.forQueries().groupsByPath(['a'])).get('a')).toMatchObject({ fullPath: 'a' });
  });

  it.each(['revoke', 'grant', 'query'] as const)(
    'that are a decision (%s) never wait for a query’s, nor does a query wait for them',
    async (priority) => {
      const held = holding();
      open = await rig(held.answer);
      const query = open.client.forQueries().groupsByPath(['a']);
      await seenBy(open, 1);
      const decision = open.client.withPriority(priority).groupsByPath(['a']);
      await seenBy(open, 2);
      held.release();
      await Promise.all([query, decision]);
      expect(open.server.seen).toHaveLength(2);
    },
  );
});

describe('an answer that serves again', () => {
  it('serves for a while, tells its age, and is asked for anew afterwards', async () => {
    const clock = { ms: 1_000_000 };
    open = await rig(answered, cached(clock));
    const ages: number[] = [];
    const ask = async () => open?.client.forQueries((ageMs) => ages.push(ageMs)).members([members()]);
    await ask();
    clock.ms += 2_000;
    expect((await ask())?.get('k')).toMatchObject({ items: [{ accessLevel: 30 }] });
    const calls = open.server.seen.length;
    expect(ages).toEqual([2_000]);
    clock.ms += 1_000;
    await ask();
    expect([open.server.seen.length - calls, ages]).toEqual([1, [2_000]]);
  });

  it('is never that nothing is shown, nor a failure', async () => {
    const clock = { ms: 1_000_000 };
    open = await rig(answered, cached(clock));
    const client = open.client.forQueries();
    expect((await client.groupsByPath(['hidden'])).get('hidden')).toBeNull();
    await client.groupsByPath(['hidden']);
    expect(open.server.seen).toHaveLength(2);
  });

  it('is not for decisions', async () => {
    const clock = { ms: 1_000_000 };
    open = await rig(answered, cached(clock));
    await open.client.forQueries().groupsByPath(['a']);
    await open.client.groupsByPath(['a']);
    await open.client.withPriority('revoke').groupsByPath(['a']);
    expect(open.server.seen).toHaveLength(3);
  });

  it('serves no longer once its row was written, whether or not the write is known to have happened', async () => {
    const clock = { ms: 1_000_000 };
    open = await rig((seen) => (seen.url.pathname === '/api/graphql' ? answered(seen) : 'cut'), cached(clock));
    const { client, server } = open;
    const ask = async () => client.forQueries().members([members()]);
    await ask();
    const source = { kind: 'group' as const, id: '5' };
    const calls = async (work: () => Promise<unknown>): Promise<number> => {
      const before = server.seen.length;
      await work();
      return server.seen.length - before;
    };
    expect(await calls(ask)).toBe(0);
    const write = client.withPriority('revoke').removeMember(source, '1', { ifUnmodifiedSince: null });
    await expect(write).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await calls(ask)).toBe(1);
  });

  it('that was under way while its row changed is not kept, and serves nobody who asks afterwards', async () => {
    const clock = { ms: 1_000_000 };
    const held = holding();
    open = await rig(held.answer, cached(clock));
    const { client } = open;
    const early = client.forQueries().groupsByPath(['a']);
    await seenBy(open, 1);
    client.forget('anything');
    const late = client.forQueries().groupsByPath(['a']);
    await seenBy(open, 2);
    held.release();
    await Promise.all([early, late]);
    await client.forQueries().groupsByPath(['a']);
    expect(open.server.seen).toHaveLength(2);
  });

  it('serves no longer once GitLab refuses the token', async () => {
    const clock = { ms: 1_000_000 };
    open = await rig((seen, count) => (count === 2 ? { status: 401, json: {} } : answered(seen)), cached(clock));
    const { client } = open;
    await client.forQueries().groupsByPath(['a']);
    await client.forQueries().groupsByPath(['b']);
    await client.forQueries().groupsByPath(['a']);
    expect(open.server.seen).toHaveLength(3);
  });
});
