import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createGitLabClientFactory, outcomeUnknown } from '../../src/gitlab/index.ts';
import { TOKEN, failure, rig } from './support/client.ts';
import type { Rig } from './support/client.ts';
import { startServer } from './support/server.ts';

let open: Rig | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const VERSION = { status: 200, json: { version: '18.9.0-ee', enterprise: true } };
const GROUP = { kind: 'group', id: '5' } as const;
const ADD = { accessLevel: 30, memberRoleId: null, expiresAt: null };
const outbound = { allowPrivate: false, allowInsecure: true };

describe('what is sent', () => {
  it('carries the token in its header and nowhere else', async () => {
    open = await rig(() => VERSION);
    await open.client.metadata();
    const [seen] = open.server.seen;
    expect(seen?.headers['private-token']).toBe(TOKEN);
    expect(seen?.url.href).not.toContain(TOKEN);
    expect(seen?.headers['cookie']).toBeUndefined();
  });

  it('goes below a relative root', async () => {
    open = await rig(() => VERSION, {}, '/gitlab/');
    await open.client.metadata();
    expect(open.server.seen[0]?.url.pathname).toBe('/gitlab/api/v4/metadata');
    expect(open.client.baseUrl).toBe(`${open.server.url}/gitlab`);
  });

  it('uses its connections again for calls one after the other', async () => {
    open = await rig(() => VERSION);
    for (let calls = 0; calls < 12; calls += 1) await open.client.metadata();
    expect(new Set(open.server.seen.map((seen) => seen.port)).size).toBeLessThanOrEqual(3);
  });

  it('falls back to the older route of the version', async () => {
    open = await rig((seen) =>
      seen.url.pathname.endsWith('/version')
        ? { status: 200, json: { version: '15.1.0', revision: 'abc' } }
        : { status: 404, json: { error: '404 Not Found' } },
    );
    expect(await open.client.metadata()).toEqual({ version: '15.1.0', revision: 'abc', enterprise: false });
  });

  it('tells of each call without query, body or header', async () => {
    open = await rig(() => ({ status: 200, headers: { 'x-request-id': 'r7' }, json: [] }));
    await open.client.inForceOnProject('9', { id: '7', username: 'alice' });
    expect(open.events).toEqual([
      {
        connectionId: null,
        method: 'GET',
        path: '/api/v4/projects/9/users',
        priority: 'query',
        durationMs: expect.any(Number),
        status: 200,
        failure: null,
        requestId: 'r7',
      },
    ]);
  });
});

describe('redirects', () => {
  it('are never followed, and the token reaches no other host', async () => {
    const other = await startServer(() => VERSION);
    open = await rig(() => ({ status: 302, headers: { location: `${other.url}/api/v4/metadata` } }));
    expect((await failure(open.client.metadata())).code).toBe('REDIRECTED');
    expect(other.seen).toHaveLength(0);
    await other.close();
  });

  it('of lists are not followed by their Link either', async () => {
    const other = await startServer(() => ({ status: 200, json: [] }));
    const headers = { link: `<${other.url}/api/v4/groups?page=2>; rel="next"`, 'x-next-page': '' };
    open = await rig(() => ({ status: 200, headers, json: [] }));
    await open.client.groups({ first: 20, after: null, search: null, topLevelOnly: false, wholeInstance: false });
    expect(other.seen).toHaveLength(0);
    await other.close();
  });
});

describe('a way that fails', () => {
  it('is unreachable where nobody listens, and nothing was sent', async () => {
    const server = await startServer(() => VERSION);
    await server.close();
    const client = createGitLabClientFactory({ outbound, now: () => new Date(), sleep: () => Promise.resolve() })({
      baseUrl: server.url,
      token: TOKEN,
    });
    const error = await failure(client.addMember(GROUP, '7', ADD));
    expect(error.code).toBe('UNREACHABLE');
    expect(outcomeUnknown(error)).toBe(false);
    await client.close();
  });

  it('is a TLS fault where the other side does not speak TLS', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const create = createGitLabClientFactory({ outbound, now: () => new Date(), sleep: () => Promise.resolve() });
    const client = create({ baseUrl: `https://127.0.0.1:${String(port)}`, token: TOKEN });
    expect((await failure(client.metadata())).code).toBe('TLS');
    await client.close();
    server.close();
  });

  it('leaves a write of unknown outcome where the connection is cut, and never sends it again', async () => {
    open = await rig(() => 'cut');
    const error = await failure(open.client.addMember(GROUP, '7', ADD));
    expect([error.code, outcomeUnknown(error)]).toEqual(['CONNECTION_LOST', true]);
    expect(open.server.seen).toHaveLength(1);
  });

  it('leaves a write of unknown outcome where no answer comes in time', async () => {
    open = await rig(() => 'hang', { timeoutMs: { write: 50 } });
    const error = await failure(open.client.changeMember(GROUP, '7', ADD));
    expect([error.code, outcomeUnknown(error)]).toEqual(['TIMEOUT', true]);
    expect(open.server.seen).toHaveLength(1);
  });

  it('never repeats a write, whatever the answer', async () => {
    open = await rig(() => ({ status: 502, body: '<html></html>' }));
    await failure(open.client.removeMember(GROUP, '7', { ifUnmodifiedSince: null }));
    expect(open.server.seen).toHaveLength(1);
  });
});

describe('a way that fails for a moment', () => {
  it('does not show in a read', async () => {
    open = await rig((_seen, count) => (count === 1 ? 'cut' : count === 2 ? { status: 503, body: '' } : VERSION));
    expect((await open.client.metadata()).version).toBe('18.9.0-ee');
    expect(open.slept).toEqual([200, 400]);
  });

  it('ends a read after some tries: more for a person who waits than for what comes again by itself', async () => {
    open = await rig(() => ({ status: 502, body: '' }));
    expect((await failure(open.client.metadata())).code).toBe('UNAVAILABLE');
    expect(open.server.seen).toHaveLength(6);
    expect((await failure(open.client.withPriority('revoke').metadata())).code).toBe('UNAVAILABLE');
    expect(open.server.seen).toHaveLength(9);
  });

  it('is waited for as long as a short Retry-After asks', async () => {
    open = await rig((_seen, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '2' }, body: 'Retry later\n' } : VERSION,
    );
    await open.client.metadata();
    expect(open.slept).toEqual([2_250]);
  });
});

describe('writes', () => {
  const row = { status: 201, json: { id: 7, username: 'alice', state: 'active', access_level: 30 } };

  it('adds one user by number, with no date and role where none is meant', async () => {
    open = await rig(() => row);
    expect(await open.client.addMember(GROUP, '7', ADD)).toBe('sent');
    expect(JSON.parse(open.server.seen[0]?.body ?? '')).toEqual({ user_id: 7, access_level: 30 });
    expect(open.server.seen[0]?.method).toBe('POST');
  });

  it('changes level and role together, and leaves, sets or clears the date as told', async () => {
    open = await rig(() => ({ ...row, status: 200 }));
    await open.client.changeMember(GROUP, '7', { accessLevel: 30, memberRoleId: null });
    await open.client.changeMember(GROUP, '7', { accessLevel: 30, memberRoleId: '4', expiresAt: '2030-01-02' });
    await open.client.changeMember(GROUP, '7', { accessLevel: 30, memberRoleId: null, expiresAt: null });
    expect(open.server.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { access_level: 30, member_role_id: null },
      { access_level: 30, member_role_id: 4, expires_at: '2030-01-02' },
      { access_level: 30, member_role_id: null, expires_at: null },
    ]);
  });

  it('removes the row and nothing below it, and only if it is unchanged', async () => {
    open = await rig(() => ({ status: 204 }));
    const ifUnmodifiedSince = new Date('2026-02-13T10:31:00.500Z');
    await open.client.removeMember({ kind: 'project', id: '9' }, '7', { ifUnmodifiedSince });
    const [seen] = open.server.seen;
    expect(seen?.method).toBe('DELETE');
    expect(`${seen?.url.pathname ?? ''}${seen?.url.search ?? ''}`).toBe(
      '/api/v4/projects/9/members/7?skip_subresources=true&unassign_issuables=false',
    );
    expect(seen?.headers['if-unmodified-since']).toBe('Fri, 13 Feb 2026 10:31:01 GMT');
  });
});

describe('health', () => {
  it("tells GitLab's clock and throttle as the last answer had them", async () => {
    const headers = {
      date: new Date(1_000_000_060_000).toUTCString(),
      'ratelimit-limit': '2000',
      'ratelimit-remaining': '1999',
      'ratelimit-reset': '1000000120',
    };
    open = await rig(() => ({ ...VERSION, headers }), { now: () => new Date(1_000_000_000_000) });
    await open.client.metadata();
    expect(open.client.health()).toEqual({
      clockSkewMs: 60_000,
      rateLimit: { limit: 2000, remaining: 1999, resetAt: new Date(1_000_000_120_000) },
    });
  });

  it('refuses further calls with the time to wait once the throttle is used up', async () => {
    const headers = {
      date: new Date(1_000_000_000_000).toUTCString(),
      'ratelimit-limit': '2000',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '1000000030',
    };
    open = await rig(() => ({ ...VERSION, headers }), { now: () => new Date(1_000_000_000_000) });
    await open.client.metadata();
    expect(await failure(open.client.metadata())).toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: 30_500 },
    });
    expect(open.server.seen).toHaveLength(1);
  });

  it('takes no token that a header cannot hold, and does not repeat it', async () => {
    const create = createGitLabClientFactory({ outbound, now: () => new Date() });
    const error = await failure(
      (async () => create({ baseUrl: 'https://gitlab.example.com', token: 'glpat-x\r\ny: z' }))(),
    );
    expect(error.message).not.toContain('glpat');
  });
});
