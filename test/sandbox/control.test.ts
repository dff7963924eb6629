import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ask, openBench, type Answer, type Bench } from './ask.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.sandbox.close());

const control = (method: string, path: string, body?: unknown): Promise<Answer> =>
  ask(bench.sandbox.url, method, `/sandbox/${path}`, body === undefined ? {} : { body });
const dana = (): string => `/groups/${String(bench.group('acme'))}/members/${String(bench.user('dana'))}`;

describe('the clock', () => {
  it('moves by HTTP and shows in the Date header', async () => {
    expect((await control('POST', 'clock', { set: '2026-05-01T00:00:00Z' })).body).toMatchObject({
      now: expect.stringMatching(/^2026-05-01T00:00:00/) as unknown,
    });
    await control('POST', 'clock', { advanceMs: 3_600_000 });
    expect((await bench.api('GET', '/metadata')).headers.get('date')).toMatch(/^Fri, 01 May 2026 01:00:0\d GMT$/);
  });

  it('purges a membership at ten past midnight of its day and not before', async () => {
    await bench.api('PUT', dana(), { body: { access_level: 30, expires_at: '2026-03-04' } });
    bench.sandbox.clock.set(Date.parse('2026-03-04T00:09:00Z'));
    expect((await bench.api('GET', dana())).body).toMatchObject({ expires_at: '2026-03-04' });
    bench.sandbox.advance(60_000);
    expect((await bench.api('GET', dana())).status).toBe(404);
  });

  it('keeps a row that ends today until the next purge, and reckons days in the zone of the instance', async () => {
    bench.sandbox.settings({ timeZone: 'Asia/Tokyo' });
    bench.sandbox.clock.set(Date.parse('2026-03-02T16:00:00Z'));
    const past = await bench.api('PUT', dana(), { body: { access_level: 30, expires_at: '2026-03-02' } });
    expect(past.status).toBe(400);
    const today = await bench.api('PUT', dana(), { body: { access_level: 30, expires_at: '2026-03-03' } });
    expect(today.status).toBe(200);
  });

  it('does not purge the last Owner, and cascades nothing', async () => {
    const place = { sourceKind: 'Group' as const, sourceId: bench.group('acme') };
    bench.sandbox.edit({
      action: 'setMember',
      ...place,
      userId: bench.user('olivia'),
      set: { expiresAt: '2026-03-03' },
    });
    const below = { sourceKind: 'Group' as const, sourceId: bench.group('acme/ops'), userId: bench.user('dana') };
    bench.sandbox.edit({ action: 'addMember', ...below, set: { accessLevel: 40 } });
    await bench.api('PUT', dana(), { body: { access_level: 30, expires_at: '2026-03-03' } });
    bench.sandbox.advance(2 * 86_400_000);
    const left = [...bench.sandbox.world.members.values()].map((row) => row.userId);
    expect(left).toEqual([bench.user('olivia'), expect.any(Number), bench.user('dana')]);
  });

  it('ends a token at midnight UTC, live, and a share by the nightly job', async () => {
    const made = bench.sandbox.edit({
      action: 'addToken',
      userId: bench.user('dana'),
      scopes: ['api'],
      expiresAt: '2026-03-03',
    });
    const token = String(made['token']);
    await bench.api('POST', '/groups', { body: { name: 'Sec', path: 'sec' } });
    const share = { group_id: bench.group('sec'), group_access: 30, expires_at: '2026-03-03' };
    await bench.api('POST', `/groups/${String(bench.group('acme'))}/share`, { body: share });
    bench.sandbox.clock.set(Date.parse('2026-03-03T00:00:00Z'));
    expect((await bench.api('GET', '/user', { token })).status).toBe(401);
    expect(bench.sandbox.world.links.size).toBe(1);
    bench.sandbox.advance(600_000);
    expect(bench.sandbox.world.links.size).toBe(0);
  });
});

describe('faults', () => {
  const group = (): string => `/groups/${String(bench.group('acme'))}?with_projects=false`;

  it('hit the next calls that fit, as often as they say, and then no more', async () => {
    await control('POST', 'faults', { kind: 'status', status: 418, body: { tea: true }, path: '/groups/', times: 2 });
    expect((await bench.api('GET', '/metadata')).status).toBe(200);
    for (const status of [418, 418, 200]) expect((await bench.api('GET', group())).status).toBe(status);
  });

  it('imitate both kinds of 429', async () => {
    bench.sandbox.fault({ kind: '429-app', retryAfterSeconds: 600 });
    const app = await bench.api('GET', group());
    expect([app.headers.get('retry-after'), app.headers.get('ratelimit-name')]).toEqual(['600', null]);
    bench.sandbox.fault({ kind: '429-throttle', retryAfterSeconds: 7 });
    const throttle = await bench.api('GET', group());
    expect([throttle.status, throttle.text, throttle.headers.get('retry-after')]).toEqual([429, 'Retry later\n', '7']);
    expect(throttle.headers.get('ratelimit-name')).toBe('throttle_authenticated_api');
  });

  it('imitate a proxy with HTML', async () => {
    for (const kind of ['502', '503'] as const) {
      bench.sandbox.fault({ kind });
      const answer = await bench.api('GET', group());
      expect([answer.status, answer.headers.get('content-type')]).toEqual([Number(kind), 'text/html']);
    }
  });

  it('cut the connection before the write or after it', async () => {
    bench.sandbox.fault({ method: 'DELETE', kind: 'cut-before' });
    await expect(bench.api('DELETE', dana())).rejects.toThrow();
    expect((await bench.api('GET', dana())).status).toBe(200);
    bench.sandbox.fault({ method: 'DELETE', kind: 'cut-after' });
    await expect(bench.api('DELETE', dana())).rejects.toThrow();
    expect((await bench.api('GET', dana())).status).toBe(404);
    expect(
      bench.sandbox
        .calls()
        .filter((call) => call.method === 'DELETE')
        .map((call) => call.status),
    ).toEqual([0, 0]);
  });

  it('imitate successes that are none: queued, error, without effect, awaiting', async () => {
    const members = `/groups/${String(bench.group('acme'))}/members`;
    const body = { user_id: bench.user('root'), access_level: 30 };
    const seen: unknown[] = [];
    for (const kind of ['queued-202', 'error-201', 'no-effect-204'] as const) {
      bench.sandbox.fault({ method: 'POST', kind });
      seen.push((await bench.api('POST', members, { body })).status);
    }
    expect(seen).toEqual([202, 201, 204]);
    expect((await bench.api('GET', `${members}/${String(body.user_id)}`)).status).toBe(404);
    bench.sandbox.fault({ method: 'POST', kind: 'awaiting-201' });
    expect((await bench.api('POST', members, { body })).body).toMatchObject({ membership_state: 'awaiting' });
    const row = await bench.api('GET', `${members}/${String(body.user_id)}`);
    expect(row.body).toMatchObject({ membership_state: 'awaiting' });
  });

  it('find GraphQL calls by the name of their operation', async () => {
    bench.sandbox.fault({ operation: 'Who', kind: '500' });
    const query = async (text: string): Promise<number> => {
      const asked = { token: bench.sandbox.tokens.user, body: { query: text } };
      return (await ask(bench.sandbox.url, 'POST', '/api/graphql', asked)).status;
    };
    expect([
      await query('query Other { currentUser { id } }'),
      await query('query Who { currentUser { id } }'),
    ]).toEqual([200, 500]);
  });

  it('are refused when they make no sense', async () => {
    expect((await control('POST', 'faults', { kind: 'nothing' })).status).toBe(400);
    expect((await control('POST', 'faults', { kind: '500', path: '(' })).status).toBe(400);
  });
});

describe('the log of calls', () => {
  it('tells who called what, and never a token', async () => {
    bench.sandbox.clearCalls();
    await bench.api('POST', `/groups?private_token=${bench.sandbox.tokens.user}`, {
      token: null,
      body: { name: 'Mine', path: 'mine' },
    });
    const calls = (await control('GET', 'calls')).body;
    expect(calls).toEqual([
      {
        at: expect.stringMatching(/^2026-03-02T12:00/) as unknown,
        method: 'POST',
        path: '/api/v4/groups',
        query: 'private_token=%5Bhidden%5D',
        status: 201,
        userId: bench.user('dana'),
        operation: null,
        bodyKeys: ['name', 'path'],
        fault: null,
      },
    ]);
    expect((await control('DELETE', 'calls')).body).toEqual([]);
  });
});

describe('settings, state and reset', () => {
  it('throttles both APIs together when a throttle is set', async () => {
    await control('POST', 'settings', { throttle: { requests: 2, periodSeconds: 3600 } });
    const seen: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      const answer = await bench.api('GET', '/metadata');
      seen.push([answer.status, answer.headers.get('ratelimit-remaining')]);
    }
    expect(seen).toEqual([
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ]);
    const refused = await ask(bench.sandbox.url, 'POST', '/api/graphql', {
      token: bench.sandbox.tokens.admin,
      body: { query: '{ currentUser { id } }' },
    });
    expect([refused.status, refused.text]).toEqual([429, 'Retry later\n']);
  });

  it('changes a row by hand, and refuses what it does not know', async () => {
    const place = { sourceKind: 'Group', sourceId: bench.group('acme'), userId: bench.user('dana') };
    const edited = await control('POST', 'state', {
      action: 'setMember',
      ...place,
      set: { accessLevel: 40, createdById: bench.user('root') },
    });
    expect(edited.body).toEqual([expect.objectContaining({ accessLevel: 40 })]);
    expect((await bench.api('GET', dana())).body).toMatchObject({ access_level: 40, created_by: { username: 'root' } });
    const unknown = await control('POST', 'state', { action: 'removeMember', ...place, userId: 999 });
    expect([unknown.status, unknown.body]).toEqual([400, { error: 'user 999 has no direct row there' }]);
  });

  it('goes back to the seed: rows, settings, clock, faults and tokens', async () => {
    const before = (await control('GET', 'members')).body;
    await bench.api('DELETE', dana());
    await control('POST', 'settings', { edition: 'ce' });
    await control('POST', 'faults', { kind: '500', times: 9 });
    bench.sandbox.advance(9 * 86_400_000);
    expect((await control('POST', 'reset')).body).toEqual({ tokens: bench.sandbox.tokens });
    const after = (await control('GET', 'members')).body as { createdAt: string }[];
    const plain = (rows: unknown): unknown[] =>
      (rows as Record<string, unknown>[]).map((row) => ({ ...row, createdAt: '', updatedAt: '' }));
    expect(plain(after)).toEqual(plain(before));
    expect((await bench.api('GET', '/metadata')).body).toMatchObject({ enterprise: true });
    expect(new Date(bench.sandbox.clock.now()).toISOString()).toMatch(/^2026-03-02T12:00/);
  });

  it('names its controls when asked for one it has not', async () => {
    const answer = await control('GET', 'nothing');
    expect([answer.status, (answer.body as { controls: string[] }).controls]).toEqual([
      404,
      expect.arrayContaining(['POST /sandbox/clock']),
    ]);
  });
});
