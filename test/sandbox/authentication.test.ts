import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, openBench, type Bench } from './ask.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.sandbox.close());

describe('tokens of the sandbox', () => {
  it('answers 401 without a token and with an unknown one', async () => {
    for (const token of [null, 'glpat-nobody']) {
      const answer = await bench.api('GET', '/user', { token });
      expect([answer.status, answer.body]).toEqual([401, { message: '401 Unauthorized' }]);
    }
  });

  it('accepts PRIVATE-TOKEN and Bearer alike', async () => {
    const bearer = { Authorization: `Bearer ${bench.sandbox.tokens.user}` };
    const answer = await bench.api('GET', '/user', { token: null, headers: bearer });
    expect(answer.body).toMatchObject({ username: 'dana', bot: false });
    expect(answer.body).not.toHaveProperty('is_admin');
  });

  it('says expired before revoked, and revoked before scope', async () => {
    const dana = bench.user('dana');
    const made = bench.sandbox.edit({
      action: 'addToken',
      userId: dana,
      scopes: ['read_user'],
      expiresAt: '2026-03-02',
    });
    const [id, token] = [Number(made['id']), String(made['token'])];
    bench.sandbox.edit({ action: 'setToken', id, set: { revoked: true } });
    expect((await bench.api('GET', '/groups', { token })).body).toMatchObject({
      error: 'invalid_token',
      error_description: 'Token is expired. You can either do re-authorization or token refresh.',
    });
    bench.sandbox.edit({ action: 'setToken', id, set: { expiresAt: '2026-03-03' } });
    expect((await bench.api('GET', '/groups', { token })).body).toMatchObject({
      error_description: 'Token was revoked. You have to re-authorize from the user.',
    });
    bench.sandbox.edit({ action: 'setToken', id, set: { revoked: false } });
    const scope = await bench.api('GET', '/groups', { token });
    expect([scope.status, scope.body]).toEqual([
      403,
      {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: 'api read_api',
      },
    ]);
  });

  it('refuses a blocked user with 403 and lets read_api only read', async () => {
    const token = bench.tokenOf('olivia', ['read_api']);
    expect((await bench.api('GET', '/groups', { token })).status).toBe(200);
    const write = await bench.api('POST', '/groups', { token, body: { name: 'x', path: 'x' } });
    expect([write.status, (write.body as { error: string }).error]).toEqual([403, 'insufficient_scope']);
    await bench.api('POST', `/users/${String(bench.user('olivia'))}/block`);
    const blocked = await bench.api('GET', '/groups', { token });
    expect(blocked.body).toEqual({ message: '403 Forbidden - Your account has been blocked.' });
    await bench.api('POST', `/users/${String(bench.user('olivia'))}/unblock`);
  });

  it('takes an administrator without admin_mode for a plain user while Admin Mode is on', async () => {
    const token = bench.tokenOf('root');
    bench.sandbox.settings({ adminMode: true });
    const users = await bench.api('POST', `/users/${String(bench.user('dana'))}/block`, { token });
    const me = await bench.api('GET', '/user', { token });
    bench.sandbox.settings({ adminMode: false });
    expect([users.status, (me.body as { is_admin: boolean }).is_admin]).toEqual([403, true]);
  });

  it('kills the whole family when a revoked token is used to rotate', async () => {
    const old = bench.tokenOf('dana');
    const first = await bench.api('POST', '/personal_access_tokens/self/rotate', { token: old, body: {} });
    const { token } = first.body as { token: string };
    expect((await bench.api('GET', '/user', { token })).status).toBe(200);
    expect((await bench.api('GET', '/user', { token: old })).status).toBe(401);
    expect((await bench.api('GET', '/user', { token })).status).toBe(200);
    await bench.api('POST', '/personal_access_tokens/self/rotate', { token: old, body: {} });
    expect((await bench.api('GET', '/user', { token })).status).toBe(401);
  });

  it('knows unknown routes by shape C and refuses API v3', async () => {
    expect((await bench.api('GET', '/groups/a/b/members', {})).body).toEqual({ error: '404 Not Found' });
    const old = await ask(bench.sandbox.url, 'GET', '/api/v3/groups');
    expect([old.status, old.body]).toEqual([410, { error: 'API V3 is no longer supported. Use API V4 instead.' }]);
  });
});
