import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Answer, type Bench } from './ask.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.sandbox.close());

const said = (answer: Answer): unknown[] => [answer.status, answer.body];

describe('people', () => {
  it('shows non-admins the basic entity and neither e-mail nor blocked people', async () => {
    const token = bench.sandbox.tokens.user;
    await bench.api('POST', `/users/${String(bench.user('olivia'))}/block`);
    const list = (await bench.api('GET', '/users?order_by=username&sort=asc', { token })).body as object[];
    expect(list.map((user) => (user as { username: string }).username)).not.toContain('olivia');
    expect(Object.keys(list[0] ?? {})).toEqual([
      'id',
      'username',
      'public_email',
      'name',
      'state',
      'locked',
      'avatar_url',
      'web_url',
    ]);
    const blocked = await bench.api('GET', '/users?blocked=true');
    expect(blocked.body).toEqual([expect.objectContaining({ username: 'olivia', email: 'olivia@example.com' })]);
  });

  it('finds private e-mails for administrators only', async () => {
    expect((await bench.api('GET', '/users?search=dana@example.com')).body).toHaveLength(1);
    const token = bench.sandbox.tokens.user;
    expect((await bench.api('GET', '/users?search=dana@example.com', { token })).body).toEqual([]);
    expect((await bench.api('GET', '/users?search=dana@example.org', { token })).body).toHaveLength(1);
  });

  it('answers state changes with true, false or null as nothing changes', async () => {
    const dana = `/users/${String(bench.user('dana'))}`;
    const seen: unknown[] = [];
    for (const step of ['block', 'block', 'unblock', 'unblock', 'ban', 'unblock']) {
      const answer = await bench.api('POST', `${dana}/${step}`);
      seen.push([answer.status, answer.text]);
    }
    const texts = ['true', 'null', 'true', 'false', 'true', 'true'];
    expect(seen).toEqual(texts.map((text) => [201, text]));
    expect((await bench.api('POST', `/users/${String(bench.user('root'))}/block`)).body).toEqual({
      message: '403 Forbidden - The API initiating user cannot be blocked by the API',
    });
  });

  it('deletes some seconds after the 204, and the sole Owner of a group only by hard_delete', async () => {
    const olivia = `/users/${String(bench.user('olivia'))}`;
    expect(said(await bench.api('DELETE', olivia))).toEqual([
      409,
      { message: 'User cannot be removed while is the sole-owner of a group' },
    ]);
    expect((await bench.api('DELETE', `${olivia}?hard_delete=true`)).status).toBe(204);
    expect((await bench.api('GET', olivia)).status).toBe(200);
    bench.sandbox.advance(5_000);
    expect((await bench.api('GET', olivia)).body).toEqual({ message: '404 User Not Found' });
  });

  it('tells an administrator the direct memberships without a date', async () => {
    const path = `/users/${String(bench.user('dana'))}/memberships`;
    expect((await bench.api('GET', path)).body).toEqual([
      { source_id: bench.group('acme'), source_name: 'Acme', source_type: 'Namespace', access_level: 30 },
    ]);
    expect((await bench.api('GET', path, { token: bench.sandbox.tokens.user })).status).toBe(403);
  });

  it('lets non-admins read one user three hundred times in ten minutes', async () => {
    bench.sandbox.clock.set(Date.parse('2026-03-02T12:20:00Z'));
    const token = bench.sandbox.tokens.user;
    const path = `/users/${String(bench.user('dana'))}`;
    for (let n = 0; n < 300; n += 1) await bench.api('GET', path, { token });
    const refused = await bench.api('GET', path, { token });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600']);
    expect((await bench.api('GET', path)).status).toBe(200);
  });
});

describe('tokens', () => {
  it('describes itself to any scope, and lists by filters', async () => {
    const token = bench.tokenOf('dana', ['k8s_proxy']);
    const self = (await bench.api('GET', '/personal_access_tokens/self', { token })).body;
    expect(self).toMatchObject({ scopes: ['k8s_proxy'], active: true, revoked: false, expires_at: null });
    expect(self).not.toHaveProperty('token');
    const path = '/personal_access_tokens?user_id=';
    expect((await bench.api('GET', `${path}${String(bench.user('dana'))}`)).body).toHaveLength(2);
    expect((await bench.api('GET', `${path}999`)).body).toEqual({ message: '404 Not Found' });
    const other = await bench.api('GET', `${path}1`, { token: bench.sandbox.tokens.user });
    expect(said(other)).toEqual([401, { message: '401 Unauthorized' }]);
  });

  it('rotates with a week by default, and never later than a year', async () => {
    const token = bench.tokenOf('dana');
    const path = '/personal_access_tokens/self/rotate';
    const late = await bench.api('POST', path, { token, body: { expires_at: '2027-03-03' } });
    expect(said(late)).toEqual([400, { message: '400 Bad request - Expires at must be before 2027-03-03' }]);
    const made = (await bench.api('POST', path, { token, body: {} })).body;
    expect(made).toMatchObject({ expires_at: '2026-03-09', active: true, token: expect.any(String) as unknown });
  });

  it('revokes own ones again and again, others not at all', async () => {
    const dana = bench.sandbox.edit({ action: 'addToken', userId: bench.user('dana'), scopes: ['api'] });
    const path = `/personal_access_tokens/${String(dana['id'])}`;
    const token = bench.tokenOf('olivia');
    expect(said(await bench.api('DELETE', path, { token }))).toEqual([
      400,
      { message: '400 Bad request - Not permitted to revoke' },
    ]);
    for (let n = 0; n < 2; n += 1) expect((await bench.api('DELETE', path)).status).toBe(204);
    expect((await bench.api('DELETE', '/personal_access_tokens/999')).body).toEqual({ message: '404 Not found' });
  });
});

describe('service accounts', () => {
  const path = (): string => `/groups/${String(bench.group('acme'))}/service_accounts`;
  const REFUSED = '400 Bad request - User does not have permission to create a service account in this group.';

  it('are made by Owners only where the instance lets them, by administrators always', async () => {
    const token = bench.tokenOf('olivia');
    expect(said(await bench.api('POST', path(), { token, body: {} }))).toEqual([400, { message: REFUSED }]);
    bench.sandbox.settings({ ownersCreateServiceAccounts: true });
    const made = await bench.api('POST', path(), { token, body: { name: 'deploy robot' } });
    expect([made.status, Object.keys(made.body as object)]).toEqual([
      201,
      ['id', 'username', 'public_email', 'name', 'email'],
    ]);
    expect((made.body as { username: string }).username).toMatch(/^service_account_group_\d+_[0-9a-f]{32}$/);
    expect((await bench.api('POST', path(), { body: { username: 'robot' } })).status).toBe(201);
    expect(said(await bench.api('POST', path(), { body: { username: 'robot', email: 'dana@example.com' } }))).toEqual([
      400,
      { message: '400 Bad request - Username has already been taken and Email has already been taken' },
    ]);
  });

  it('read a path in place of the id as no group', async () => {
    expect(said(await bench.api('POST', '/groups/acme/service_accounts', { body: {} }))).toEqual([
      400,
      { message: REFUSED },
    ]);
  });

  it('are forbidden without a licence and unknown in the Community Edition', async () => {
    bench.sandbox.settings({ plan: 'free' });
    expect(said(await bench.api('GET', path()))).toEqual([403, { message: '403 Forbidden' }]);
    bench.sandbox.settings({ edition: 'ce' });
    expect(said(await bench.api('GET', path()))).toEqual([404, { error: '404 Not Found' }]);
  });

  it('get tokens from their Owner that work once they are members', async () => {
    const made = await bench.api('POST', path(), { body: { name: 'robot' } });
    const id = String((made.body as { id: number }).id);
    const body = { name: 'gateway', scopes: ['api'], expires_at: '2026-09-01' };
    const issued = await bench.api('POST', `${path()}/${id}/personal_access_tokens`, {
      body,
      token: bench.tokenOf('olivia'),
    });
    const { token } = issued.body as { token: string };
    expect((await bench.api('GET', path(), { token })).body).toEqual({ message: '404 Group Not Found' });
    const add = { user_id: id, access_level: 50 };
    await bench.api('POST', `/groups/${String(bench.group('acme'))}/members`, { body: add });
    expect((await bench.api('GET', path(), { token })).status).toBe(200);
    const rotated = await bench.api('POST', `${path()}/${id}/personal_access_tokens/999/rotate`, { body: {} });
    expect(said(rotated)).toEqual([404, { message: '404 Not Found' }]);
  });

  it('leave even as Owner while PUT on their row is refused once no human Owner is left', async () => {
    const group = `/groups/${String(bench.group('acme'))}/members`;
    const robot = String([...bench.sandbox.world.users.values()].find((user) => user.userType !== 'human')?.id);
    const place = { sourceKind: 'Group' as const, sourceId: bench.group('acme'), userId: bench.user('olivia') };
    bench.sandbox.edit({ action: 'removeMember', ...place });
    expect((await bench.api('PUT', `${group}/${robot}`, { body: { access_level: 40 } })).status).toBe(403);
    expect((await bench.api('DELETE', `${group}/${robot}`)).status).toBe(204);
  });
});

describe('access requests', () => {
  it('are made by readers who are no members, and approved at a level', async () => {
    const project = String(bench.project('acme/api'));
    await bench.api('PUT', `/projects/${project}`, { body: { visibility: 'public' } });
    await bench.api('POST', '/users', {
      body: { email: 'ann@example.com', name: 'Ann', username: 'ann', force_random_password: true },
    });
    const token = bench.tokenOf('ann');
    const path = `/projects/${project}/access_requests`;
    expect((await bench.api('POST', path, { token: bench.sandbox.tokens.user })).status).toBe(403);
    expect((await bench.api('POST', path, { token })).status).toBe(201);
    expect(said(await bench.api('POST', path, { token }))).toEqual([
      400,
      { message: { user_id: ['already exists in source'] } },
    ]);
    expect((await bench.api('GET', path)).body).toEqual([
      expect.objectContaining({ username: 'ann', requested_at: expect.any(String) as unknown }),
    ]);
    const ann = String(bench.user('ann'));
    expect((await bench.api('GET', `/projects/${project}/members/${ann}`)).status).toBe(404);
    const approved = await bench.api('PUT', `${path}/${ann}/approve`, { body: { access_level: 20 } });
    expect([approved.status, approved.body]).toEqual([201, expect.objectContaining({ access_level: 20 })]);
    expect((await bench.api('DELETE', `${path}/${ann}`)).body).toEqual({ message: '404 Not found' });
  });
});
