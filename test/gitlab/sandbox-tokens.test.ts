import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addToken } from '../../sandbox/model/index.ts';
import { everyEntry } from '../../src/gitlab/every-entry.ts';
import { failure } from './support/client.ts';
import { lab, walk } from './support/sandbox.ts';
import type { Lab } from './support/sandbox.ts';

let the: Lab;
beforeAll(async () => {
  the = await lab();
});
afterAll(async () => {
  await the.close();
});

const PAGE = { first: 100, after: null };
const queries = (): URLSearchParams[] => the.sandbox.calls().map(({ query }) => new URLSearchParams(query));

describe('access tokens', () => {
  it('of somebody with many come once each, lowest number first, whatever the page size', async () => {
    const client = the.as('root');
    const { id } = the.known.users.niaj;
    const made = Array.from({ length: 23 }, () => addToken(the.sandbox.world, { userId: id, scopes: ['api'] }).id);
    for (const first of [5, 100]) {
      const { items } = await walk((after) => client.accessTokens({ kind: 'user', id: String(id) }, { first, after }));
      expect(items.map((token) => token.id)).toEqual(made.map(String));
    }
    const head = await client.accessTokens({ kind: 'user', id: String(id) }, { first: 3, after: null });
    const next = await client.accessTokens({ kind: 'user', id: String(id) }, { first: 7, after: head.endCursor });
    expect(next.items.map((token) => token.id)).toEqual(made.slice(3, 10).map(String));
  });

  it('are narrowed by GitLab, except to those that do not work', async () => {
    const client = the.as('root');
    the.sandbox.clearCalls();
    const at = new Date('2026-01-02T03:04:05.678Z');
    const filter = { expiresBefore: '2026-05-06', createdBefore: at, createdAfter: at };
    await client.accessTokens({ kind: 'instance' }, { ...PAGE, ...filter, activeOnly: true });
    await client.accessTokens({ kind: 'instance' }, { ...PAGE, activeOnly: false });
    const [narrow, wide] = queries();
    expect(Object.fromEntries(narrow ?? [])).toEqual({
      state: 'active',
      expires_before: '2026-05-06',
      created_before: at.toISOString(),
      created_after: at.toISOString(),
      page: '1',
      per_page: '100',
    });
    expect(Object.fromEntries(wide ?? [])).toEqual({ page: '1', per_page: '100' });
  });

  it('of a place come with the place and the level of the bot, and never with a value', async () => {
    const { id } = the.known.projects.api;
    const page = await the.as('gatehouse').accessTokens({ kind: 'project', id: String(id) }, PAGE);
    expect(page.items).toMatchObject([
      { name: 'project-bot', source: { kind: 'project', id: String(id) }, userId: String(the.known.users.apiBot.id) },
    ]);
    expect(page.items[0]?.accessLevel).toBeGreaterThan(0);
    expect(JSON.stringify(page)).not.toContain('glpat-');
  });

  it('that are refused are FORBIDDEN, and the token is looked at once for many of them', async () => {
    const client = the.as('bob');
    the.sandbox.clearCalls();
    const { groups, projects } = the.known;
    const places = [
      ...Object.values(groups).map(({ id }) => ({ kind: 'group' as const, id: String(id) })),
      ...Object.values(projects).map(({ id }) => ({ kind: 'project' as const, id: String(id) })),
    ];
    const errors = await Promise.all(
      places.map((place) => failure(client.accessTokens(place, PAGE)).catch(() => null)),
    );
    const codes = new Set(errors.filter((error) => error !== null).map(({ code }) => code));
    expect([...codes].sort()).toEqual(['FORBIDDEN', 'SOURCE_NOT_FOUND']);
    expect(the.sandbox.calls().filter(({ path }) => path.endsWith('/self'))).toHaveLength(1);
  });

  it('asked for with a token that is gone are an error of the token', async () => {
    const client = the.as('bob');
    const token = [...the.sandbox.world.tokens.values()].at(-1);
    await client.tokenSelf();
    if (token) token.revoked = true;
    expect(await failure(client.accessTokens({ kind: 'instance' }, PAGE))).toMatchObject({ code: 'TOKEN_REVOKED' });
  });

  it('are found one by one; what is not there is null, what is refused is not', async () => {
    const owner = the.as('gatehouse');
    const place = { kind: 'project' as const, id: String(the.known.projects.api.id) };
    const [token] = (await owner.accessTokens(place, PAGE)).items;
    expect(await owner.accessToken(place, token?.id ?? '')).toEqual(token);
    expect(await owner.accessToken(place, '999999')).toBeNull();
    expect(await owner.accessToken({ kind: 'group', id: '999999' }, '1')).toBeNull();
    expect(await the.as('root').accessToken({ kind: 'instance' }, '999999')).toBeNull();
    expect(await failure(the.as('bob').accessToken(place, token?.id ?? ''))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await failure(the.as('bob').accessToken({ kind: 'instance' }, '1'))).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the places whose tokens somebody may see', () => {
  it('are all groups below an owned one, and all projects below with that role', async () => {
    const client = the.as('gatehouse');
    const of = async (kind: 'group' | 'project') =>
      (await everyEntry((page) => client.managedSources({ kind, ...page }), 20)).map(({ id }) => Number(id));
    const { groups, projects } = the.sandbox.world;
    const acme = [...groups.values()].filter(({ fullPath }) => /^acme(\/|$)/.test(fullPath)).map(({ id }) => id);
    expect(await of('group')).toEqual(acme.sort((a, b) => a - b));
    const below = [...projects.values()].filter(({ fullPath }) => fullPath.startsWith('acme/')).map(({ id }) => id);
    expect(await of('project')).toEqual(below.sort((a, b) => a - b));
    const tops = await client.managedSources({ kind: 'group', topLevelOnly: true, ...PAGE });
    expect(tops.items).toEqual([{ kind: 'group', id: String(the.known.groups.acme.id) }]);
  });

  it('are none for somebody without such a role', async () => {
    const client = the.as('bob');
    expect((await client.managedSources({ kind: 'group', ...PAGE })).items).toEqual([]);
  });
});

it('a list that is longer than it is followed is an error, and not cut short', async () => {
  const client = the.as('root');
  const read = (page: { first: number; after: string | null }) =>
    client.accessTokens({ kind: 'instance' }, { ...page, first: 1 });
  expect(await failure(everyEntry(read, 2))).toMatchObject({ code: 'UNREADABLE' });
});
