import { describe, expect, it } from '@jest/globals';
import { GitLabError } from '../../src/gitlab/errors.ts';
import { schemaOn } from './ask.ts';
import { fakeGroup, fakeUser } from './fake-gitlab.ts';
import { smallTree } from './worlds.ts';

describe('groups, projects and users of a connection', () => {
  it('answers one node for each that exists, once each, in the order asked and whatever the case', async () => {
    const { data, calls } = await schemaOn(smallTree()).ask(
      `groups(fullPaths: ["guests", "ACME", "none", "acme"]) { nodes { fullPath } totalCount pageInfo { hasNextPage } }
       projects(fullPaths: ["ann/notes"]) { nodes { fullPath group { fullPath } } }`,
    );
    expect(data).toEqual({
      groups: {
        nodes: [{ fullPath: 'guests' }, { fullPath: 'acme' }],
        totalCount: 2,
        pageInfo: { hasNextPage: false },
      },
      projects: { nodes: [{ fullPath: 'ann/notes', group: null }] },
    });
    expect(calls.map(({ method }) => method).sort()).toEqual(['groupsByPath', 'projectsByPath']);
  });

  it.each([
    'groups(fullPaths: ["acme"], search: "a")',
    'groups(fullPaths: ["acme"], topLevelOnly: true)',
    'groups(fullPaths: ["acme"], after: "x")',
    'projects(fullPaths: ["acme/x"], search: "a")',
    'users(usernames: ["dana"], search: "a")',
    `users(usernames: [${Array.from({ length: 101 }, (_, n) => `"u${String(n)}"`).join(' ')}])`,
    'groups(first: 0)',
    'users(first: 101)',
  ])('refuses %s', async (field) => {
    const { errors, calls } = await schemaOn(smallTree()).ask(`it: ${field} { nodes { id } }`);
    expect(errors.map(({ code }) => code)).toEqual(['BAD_USER_INPUT']);
    expect(calls).toEqual([]);
  });

  it('pages a list with cursors on every entry', async () => {
    const world = smallTree();
    const { ask } = schemaOn(world);
    type Page = { edges: { cursor: string; node: { fullPath: string } }[]; pageInfo: { hasNextPage: boolean } };
    const page = async (args: string): Promise<Page> =>
      (await ask(`groups(first: 2${args}) { edges { cursor node { fullPath } } pageInfo { hasNextPage } totalCount }`))
        .data?.['groups'] as Page;
    const seen: string[] = [];
    for (let after = '', more = true; more;) {
      const { edges, pageInfo } = await page(after);
      seen.push(...edges.map(({ node }) => node.fullPath));
      more = pageInfo.hasNextPage;
      after = `, after: ${JSON.stringify(edges.at(-1)?.cursor)}`;
      const middle = await page(`, after: ${JSON.stringify(edges[0]?.cursor)}`);
      if (edges.length === 2) expect(middle.edges[0]?.node.fullPath).toBe(edges[1]?.node.fullPath);
    }
    expect(seen).toEqual(world.groups.map(({ fullPath }) => fullPath));
  });

  it('climbs and descends the tree', async () => {
    const { data, calls } = await schemaOn(smallTree()).ask(
      `group(fullPath: "acme/ops/web") {
        parent { fullPath parent { fullPath parent { fullPath } } } ancestors { fullPath }
        subgroups { nodes { fullPath } } projects { nodes { fullPath archived group { fullPath } } } }`,
    );
    expect(data).toEqual({
      group: {
        parent: { fullPath: 'acme/ops', parent: { fullPath: 'acme', parent: null } },
        ancestors: [{ fullPath: 'acme' }, { fullPath: 'acme/ops' }],
        subgroups: { nodes: [] },
        projects: {
          nodes: [{ fullPath: 'acme/ops/web/site', archived: false, group: { fullPath: 'acme/ops/web' } }],
        },
      },
    });
    expect(calls.map(({ method }) => method).sort()).toEqual([
      'groupProjects',
      'groupsByPath',
      'groupsByPath',
      'subgroups',
    ]);
  });

  it('keeps one failing name an error on its own field', async () => {
    const world = smallTree();
    world.groups.push(fakeGroup('9', 'broken'));
    world.users.push(fakeUser('7', 'dana'));
    world.failing.set('broken', new GitLabError('RATE_LIMITED', 'GitLab asks to wait.', { retryAfterMs: 1000 }));
    const { data, errors } = await schemaOn(world).ask(
      `a: group(fullPath: "broken") { id } b: group(fullPath: "acme") { gitlabId } c: user(username: "Dana") { gitlabId }`,
    );
    expect(data).toEqual({ a: null, b: { gitlabId: '1' }, c: { gitlabId: '7' } });
    expect(errors).toMatchObject([{ path: ['connection', 'a'], code: 'UPSTREAM_RATE_LIMITED' }]);
  });

  it('narrows grants to the connection, and to the person', async () => {
    const asked: unknown[] = [];
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    const { ask } = schemaOn(world, {
      grants: {
        list: (filter, page) => {
          asked.push({ ...filter, ...page });
          return Promise.resolve({ rows: [], hasNextPage: false, totalCount: 0 });
        },
      },
    });
    const { errors } = await ask(
      `grants(filter: { overdue: true }, first: 5) { totalCount } user(username: "dana") { grants { totalCount } }`,
    );
    expect(errors).toEqual([]);
    expect(asked).toEqual([
      { overdue: true, connectionId: '1', first: 5, beforeId: null },
      { userId: '7', instanceId: '1', connectionId: null, first: 20, beforeId: null },
    ]);
  });
});
