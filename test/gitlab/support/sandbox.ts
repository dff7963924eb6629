import type { Sandbox, SandboxOptions } from '../../../sandbox/server.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { fixturesOf } from '../../../sandbox/seed/index.ts';
import type { Fixtures } from '../../../sandbox/seed/index.ts';
import { addToken } from '../../../sandbox/model/index.ts';
import { createGitLabClientFactory } from '../../../src/gitlab/index.ts';
import type { GitLabClient, GitLabClientDeps, GroupRelation, MembersQuery, Page } from '../../../src/gitlab/index.ts';

export type Lab = {
  sandbox: Sandbox;
  known: Fixtures;
  as(who: keyof Fixtures['users'], deps?: Partial<GitLabClientDeps>): GitLabClient;
  /** GitLab calls that the work takes. */
  count(work: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
};

/** A sandbox with its well-known records, and clients of anybody in it. */
export async function lab(options: SandboxOptions = {}): Promise<Lab> {
  const sandbox = await startSandbox({ size: 'small', ...options });
  const known = fixturesOf(sandbox.world);
  const clients: GitLabClient[] = [];
  return {
    sandbox,
    known,
    as: (who, deps = {}) => {
      const value = addToken(sandbox.world, { userId: known.users[who].id, scopes: ['api'] }).value;
      const create = createGitLabClientFactory({
        outbound: { allowPrivate: false, allowInsecure: true },
        now: () => new Date(),
        sleep: () => Promise.resolve(),
        ...deps,
      });
      const client = create({ baseUrl: sandbox.url, token: value });
      clients.push(client);
      return client;
    },
    count: async (work) => {
      sandbox.clearCalls();
      await work();
      return sandbox.calls().length;
    },
    close: async () => {
      await Promise.all(clients.map(async (client) => client.close()));
      await sandbox.close();
    },
  };
}

export function aboutGroup(
  group: { id: number | string; fullPath: string },
  relations: readonly GroupRelation[] = ['DIRECT'],
  more: Partial<Pick<MembersQuery, 'key' | 'first' | 'after' | 'search' | 'userIds'>> = {},
): MembersQuery {
  const key = `${group.fullPath} ${relations.join()}`;
  const base = { key, search: null, userIds: null, first: 20, after: null };
  return { ...base, ...more, kind: 'group', id: String(group.id), fullPath: group.fullPath, relations };
}

/** A result that must be there. */
export function value<T>(result: T): Exclude<T, null | undefined | Error> {
  if (result === null || result === undefined || result instanceof Error) {
    throw new Error(`no value: ${String(result)}`);
  }
  return result as Exclude<T, null | undefined | Error>;
}

/** Every item of a list, page by page, with the number of pages. */
export async function walk<T>(
  read: (after: string | null) => Promise<Page<T>>,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let after: string | null = null;
  for (let pages = 1; pages < 200; pages += 1) {
    const page: Page<T> = await read(after);
    items.push(...page.items);
    if (!page.hasNextPage) return { items, pages };
    after = page.endCursor;
  }
  throw new Error('The list does not end.');
}
