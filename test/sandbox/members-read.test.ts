import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openBench, type Bench } from './ask.ts';

let bench: Bench;
let acme: string;
let ops: string;
beforeAll(async () => {
  bench = await openBench({ settings: { authorizationDelayMs: 5_000 } });
  acme = `/groups/${String(bench.group('acme'))}/members`;
  ops = `/groups/${String(bench.group('acme/ops'))}/members`;
});
afterAll(() => bench.sandbox.close());

const names = (body: unknown): unknown[] => (body as { username: string }[]).map((row) => row.username);

describe('reading members', () => {
  it('lists direct rows only under members, and inherited ones under members/all', async () => {
    expect(names((await bench.api('GET', ops)).body)).toEqual([]);
    expect(names((await bench.api('GET', `${ops}/all`)).body)).toEqual([
      'olivia',
      expect.stringContaining('service_account_group'),
      'dana',
    ]);
  });

  it('shows the member entity of the enterprise edition, with e-mail for administrators only', async () => {
    const dana = String(bench.user('dana'));
    const row = (await bench.api('GET', `${acme}/${dana}`)).body;
    expect(row).toEqual({
      id: bench.user('dana'),
      username: 'dana',
      public_email: 'dana@example.org',
      name: 'Dana Developer',
      state: 'active',
      locked: false,
      avatar_url: null,
      web_url: `${bench.sandbox.url}/dana`,
      access_level: 30,
      created_at: expect.stringMatching(/^2026-03-02T12:00:00\.\d{3}Z$/) as unknown,
      created_by: expect.objectContaining({ username: 'olivia' }) as unknown,
      expires_at: null,
      email: 'dana@example.com',
      membership_state: 'active',
    });
    const seen = (await bench.api('GET', `${acme}/${dana}`, { token: bench.sandbox.tokens.user })).body;
    expect(seen).not.toHaveProperty('email');
  });

  it('answers 404 Not found for people without a direct row, 404 Group Not Found for strangers', async () => {
    const root = String(bench.user('root'));
    expect((await bench.api('GET', `${acme}/${root}`)).body).toEqual({ message: '404 Not found' });
    expect((await bench.api('GET', '/groups/nothing/members')).body).toEqual({ message: '404 Group Not Found' });
  });

  it('lets somebody who belongs only beneath a private group see the group and not its members', async () => {
    await bench.api('POST', '/users', {
      body: { email: 'below@example.com', name: 'Below', username: 'below', force_random_password: true },
    });
    const place = { sourceKind: 'Project' as const, sourceId: bench.project('acme/ops/deploy') };
    bench.sandbox.edit({ action: 'addMember', ...place, userId: bench.user('below'), set: { accessLevel: 30 } });
    bench.sandbox.edit({ action: 'settleAuthorizations' });
    const token = bench.tokenOf('below');
    const group = `/groups/${String(bench.group('acme'))}`;
    expect((await bench.api('GET', `${group}?with_projects=false`, { token })).status).toBe(200);
    const members = await bench.api('GET', `${group}/members`, { token });
    expect([members.status, members.body]).toEqual([403, { message: '403 Forbidden' }]);
  });

  it('caps members of invited groups by the link and gives them no access to projects before the delay is over', async () => {
    await bench.api('POST', '/groups', { body: { name: 'Sec', path: 'sec' } });
    const sec = bench.group('sec');
    const below = bench.user('below');
    bench.sandbox.edit({
      action: 'addMember',
      sourceKind: 'Group',
      sourceId: sec,
      userId: below,
      set: { accessLevel: 50 },
    });
    const api = bench.project('acme/api');
    await bench.api('POST', `/groups/${String(bench.group('acme'))}/share`, {
      body: { group_id: sec, group_access: 20 },
    });
    const shared = await bench.api('GET', `${acme}/all/${String(below)}`);
    expect(shared.body).toMatchObject({ access_level: 20 });
    const users = async (): Promise<unknown[]> =>
      names((await bench.api('GET', `/projects/${String(api)}/users`)).body);
    expect(await users()).not.toContain('below');
    bench.sandbox.advance(5_000);
    expect(await users()).toContain('below');
  });

  it('shows a first grant on a project at once in members/all, and in force only after the delay', async () => {
    const api = String(bench.project('acme/api'));
    await bench.api('POST', '/users', {
      body: { email: 'new@example.com', name: 'New', username: 'new', force_random_password: true },
    });
    const id = String(bench.user('new'));
    await bench.api('POST', `/projects/${api}/members`, { body: { user_id: id, access_level: 40 } });
    const all = async (): Promise<unknown> => (await bench.api('GET', `/projects/${api}/members/all/${id}`)).body;
    const users = async (): Promise<unknown[]> => names((await bench.api('GET', `/projects/${api}/users`)).body);
    expect([await all(), await users()]).toEqual([
      expect.objectContaining({ access_level: 40 }),
      expect.not.arrayContaining(['new']),
    ]);
    bench.sandbox.advance(5_000);
    expect(await users()).toContain('new');
    await bench.api('PUT', `/projects/${api}/members/${id}`, { body: { access_level: 20 } });
    expect(await all()).toMatchObject({ access_level: 40 });
    bench.sandbox.advance(5_000);
    expect(await all()).toMatchObject({ access_level: 20 });
    await bench.api('DELETE', `/projects/${api}/members/${id}`);
    expect(await all()).toEqual({ message: '404 Not found' });
    expect(await users()).toContain('new');
    bench.sandbox.advance(5_000);
    expect(await users()).not.toContain('new');
  });

  it('filters by user_ids, where an empty list filters nothing, and by query with the best match first', async () => {
    const ids = `${String(bench.user('dana'))},${String(bench.user('olivia'))}`;
    expect(names((await bench.api('GET', `${acme}?user_ids=${ids}`)).body)).toEqual(['olivia', 'dana']);
    expect(names((await bench.api('GET', `${acme}?user_ids=`)).body)).toHaveLength(3);
    expect(names((await bench.api('GET', `${acme}?user_ids[]=${String(bench.user('dana'))}`)).body)).toEqual(['dana']);
    expect(names((await bench.api('GET', `${acme}?query=dana@example.org`)).body)).toEqual(['dana']);
  });

  it('hides Minimal Access where it is not licensed', async () => {
    const place = { sourceKind: 'Group' as const, sourceId: bench.group('acme'), userId: bench.user('root') };
    bench.sandbox.edit({ action: 'addMember', ...place, set: { accessLevel: 5 } });
    expect(names((await bench.api('GET', acme)).body)).toContain('root');
    bench.sandbox.settings({ plan: 'free' });
    expect(names((await bench.api('GET', acme)).body)).not.toContain('root');
    bench.sandbox.settings({ plan: 'ultimate' });
    bench.sandbox.edit({ action: 'removeMember', ...place });
  });

  it('leaves enterprise fields away in the Community Edition', async () => {
    bench.sandbox.settings({ edition: 'ce' });
    const row = (await bench.api('GET', `${acme}/${String(bench.user('dana'))}`)).body as Record<string, unknown>;
    bench.sandbox.settings({ edition: 'ee' });
    expect(Object.keys(row).slice(-5)).toEqual(['web_url', 'access_level', 'created_at', 'created_by', 'expires_at']);
  });
});
