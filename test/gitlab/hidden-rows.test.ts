import { afterEach, describe, expect, it } from '@jest/globals';
import { failure, rig } from './support/client.ts';
import type { Rig } from './support/client.ts';

let open: Rig | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const HEAD = {
  p0_currentUser: { id: 'gid://gitlab/User/42' },
  p0_metadata: { version: '18.9.0-ee' },
  p0_queryComplexity: { limit: 250 },
};

function project(number: number): unknown {
  return {
    id: `gid://gitlab/Project/${String(number)}`,
    fullPath: `a/p${String(number)}`,
    name: 'p',
    visibility: 'private',
    webUrl: 'https://gitlab.example.com/a/p',
    archived: false,
    group: null,
  };
}

type RawPage = { ids: number[]; endCursor: string | null; hasNextPage: boolean };

/** A list of projects of which GitLab shows these pages, whatever page size is asked for. */
async function listing(page: (after: string | undefined) => RawPage): Promise<Rig> {
  open = await rig((seen) => {
    const { variables } = JSON.parse(seen.body) as { variables: Record<string, string> };
    const { ids, endCursor, hasNextPage } = page(variables['p1_after']);
    const projects = { count: 9, pageInfo: { hasNextPage, endCursor }, nodes: ids.map(project) };
    return { status: 200, json: { data: { ...HEAD, p1_projects: projects } } };
  });
  return open;
}

const ASK = { first: 3, after: null, search: null, wholeInstance: true };

describe('a list with rows that the token may not see', () => {
  it('is read on until the page is full, and asks for no more than is missing', async () => {
    const { client, server } = await listing((after) =>
      after === undefined
        ? { ids: [9, 8], endCursor: 'c8', hasNextPage: true }
        : { ids: [5], endCursor: 'c5', hasNextPage: true },
    );
    const page = await client.projects(ASK);
    expect(page.items.map((one) => one.id)).toEqual(['9', '8', '5']);
    expect(page).toMatchObject({ hasNextPage: true, endCursor: 'c5', totalCount: 9 });
    const asked = server.seen.map(
      (seen) => (JSON.parse(seen.body) as { variables: { p1_first: number } }).variables.p1_first,
    );
    expect(asked).toEqual([3, 1]);
  });

  it('ends where GitLab says so', async () => {
    const { client } = await listing(() => ({ ids: [1], endCursor: 'c1', hasNextPage: false }));
    expect(await client.projects(ASK)).toMatchObject({ items: [{ id: '1' }], hasNextPage: false });
  });

  it('is an error, and no endless loop, where a whole page is hidden', async () => {
    const { client, server } = await listing(() => ({ ids: [], endCursor: null, hasNextPage: true }));
    expect((await failure(client.projects(ASK))).code).toBe('UNREADABLE');
    expect(server.seen).toHaveLength(1);
  });

  it('is not read without end: the page stays short and says that more follows', async () => {
    let place = 0;
    const { client, server } = await listing(() => {
      place += 1;
      return { ids: [], endCursor: `c${String(place)}`, hasNextPage: true };
    });
    expect(await client.projects(ASK)).toMatchObject({ items: [], hasNextPage: true, endCursor: 'c10' });
    expect(server.seen).toHaveLength(10);
  });
});
