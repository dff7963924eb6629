import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import { idsOf, numberAt, record, rows, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { must, openWorld } from './helpers/world.ts';
import type { Person } from './helpers/world.ts';

const NOBODY = 999_999_999;
const world = openWorld();
let alice: Person;
let bob: Person;

beforeAll(async () => {
  alice = await world.person('alice');
  bob = await world.person('bob');
});

const tokenPath = (row: { json: unknown }) => `/personal_access_tokens/${String(numberAt(row.json, 'id'))}`;

contract('current user', () => {
  it('GET /user gives a plain user the own e-mail and no administrator fields', async () => {
    const answer = await alice.call.get('/user');
    expect(answer).toMatchObject({
      status: 200,
      json: {
        id: alice.id,
        username: alice.username,
        name: alice.name,
        state: 'active',
        locked: false,
        email: alice.email,
        bot: false,
      },
    });
    const keys = Object.keys(record(answer.json));
    expect(keys).toEqual(
      expect.arrayContaining([
        'public_email',
        'web_url',
        'avatar_url',
        'created_at',
        'external',
        'can_create_group',
        'projects_limit',
        'two_factor_enabled',
        'identities',
        'confirmed_at',
        'last_activity_on',
        'commit_email',
      ]),
    );
    expect(keys).not.toContain('is_admin');
  });

  it('GET /user tells an administrator is_admin', async () => {
    expect(await world.admin.get('/user')).toMatchObject({ status: 200, json: { is_admin: true } });
  });
});

contract('personal access tokens: reading', () => {
  it('self tells name, scopes, expiry and user of the very token, whatever its scope', async () => {
    for (const scopes of [['api'], ['read_api'], ['read_user'], ['self_rotate'], ['read_repository']]) {
      const row = await world.tokenRow(alice.id, scopes, world.day(20));
      const answer = await world.with(textAt(row.json, 'token')).get('/personal_access_tokens/self');
      expect(said(answer)).toMatchObject({
        status: 200,
        json: {
          id: numberAt(row.json, 'id'),
          name: textAt(row.json, 'name'),
          revoked: false,
          scopes,
          user_id: alice.id,
          active: true,
          expires_at: world.day(20),
        },
      });
    }
  });

  it('no answer but that of making or rotating a token shows its value', async () => {
    const own = await alice.call.get('/personal_access_tokens/self');
    expect(record(own.json)).not.toHaveProperty('token');
    const listed = rows((await alice.call.get('/personal_access_tokens')).json);
    expect(listed.filter((row) => 'token' in row)).toEqual([]);
  });

  it("a list holds the caller's own tokens only", async () => {
    const answer = await alice.call.get('/personal_access_tokens', { per_page: 100 });
    expect(answer.status).toBe(200);
    expect(new Set(rows(answer.json).map((row) => row['user_id']))).toEqual(new Set([alice.id]));
  });

  it("asking for another user's tokens is 401", async () => {
    const answer = await alice.call.get('/personal_access_tokens', { user_id: bob.id });
    expect(said(answer)).toEqual(refusal(401, '401 Unauthorized'));
  });

  it('an administrator reads the tokens of anybody', async () => {
    const answer = await world.admin.get('/personal_access_tokens', { user_id: bob.id });
    expect(answer.status).toBe(200);
    expect(rows(answer.json).map((row) => row['user_id'])).toContain(bob.id);
  });

  it('an administrator who names an unknown user gets 404', async () => {
    const answer = await world.admin.get('/personal_access_tokens', { user_id: NOBODY });
    expect(said(answer)).toEqual(refusal(404, '404 Not Found'));
  });

  it('state and revoked filter, search finds by name, sort orders', async () => {
    const carol = await world.person('carol');
    const dead = await world.tokenRow(carol.id, ['api'], world.day(-3));
    const gone = await world.tokenRow(carol.id, ['api']);
    await must(204, carol.call.delete(tokenPath(gone)));
    const ids = async (query: Record<string, string | boolean>) =>
      idsOf((await carol.call.get('/personal_access_tokens', query)).json);
    const [deadId, goneId] = [numberAt(dead.json, 'id'), numberAt(gone.json, 'id')];
    expect(await ids({ state: 'active' })).not.toEqual(expect.arrayContaining([deadId]));
    expect((await ids({ state: 'inactive' })).sort((a, b) => a - b)).toEqual([deadId, goneId]);
    expect(await ids({ revoked: true })).toEqual([goneId]);
    expect(await ids({ search: textAt(dead.json, 'name') })).toEqual([deadId]);
    const ascending = await ids({ sort: 'created_asc' });
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    expect(ascending).toHaveLength(3);
  });

  it('an expired token is listed as neither active nor revoked', async () => {
    const row = await world.tokenRow(bob.id, ['api'], world.day(-3));
    expect(said(await bob.call.get(tokenPath(row)))).toMatchObject({
      status: 200,
      json: { active: false, revoked: false },
    });
  });

  it('one token of somebody else is 401, a missing one 404 to an administrator', async () => {
    const row = await world.tokenRow(bob.id, ['api']);
    expect(said(await alice.call.get(tokenPath(row)))).toEqual(refusal(401, '401 Unauthorized'));
    expect(said(await world.admin.get(`/personal_access_tokens/${String(NOBODY)}`))).toEqual(
      refusal(404, '404 Not Found'),
    );
  });
});

contract('personal access tokens: making and revoking', () => {
  it('an administrator makes a token for somebody, 201 with its value', async () => {
    const answer = await world.admin.post(`/users/${String(bob.id)}/personal_access_tokens`, {
      name: 'made',
      scopes: ['read_api'],
      expires_at: world.day(10),
      description: 'for the contract',
    });
    expect(said(answer)).toMatchObject({
      status: 201,
      json: {
        name: 'made',
        scopes: ['read_api'],
        expires_at: world.day(10),
        user_id: bob.id,
        active: true,
        revoked: false,
      },
    });
    expect(textAt(answer.json, 'token').length).toBeGreaterThan(8);
  });

  it('who is no administrator makes none for others', async () => {
    const answer = await alice.call.post(`/users/${String(bob.id)}/personal_access_tokens`, {
      name: 'x',
      scopes: ['api'],
    });
    expect(said(answer)).toEqual(refusal(403, '403 Forbidden'));
  });

  it('a token for an unknown user is 404', async () => {
    const answer = await world.admin.post(`/users/${String(NOBODY)}/personal_access_tokens`, {
      name: 'x',
      scopes: ['api'],
    });
    expect(said(answer)).toEqual(refusal(404, '404 User Not Found'));
  });

  it('name and scopes are required', async () => {
    const answer = await world.admin.post(`/users/${String(bob.id)}/personal_access_tokens`, {});
    expect(answer.status).toBe(400);
    expect(textAt(answer.json, 'error')).toContain('name is missing');
  });

  it('a past expiry makes a token that is inactive from the start', async () => {
    expect(said(await world.tokenRow(bob.id, ['api'], world.day(-3)))).toMatchObject({
      status: 201,
      json: { active: false },
    });
  });

  it('revoking is 204, and 204 again on the own token', async () => {
    const row = await world.tokenRow(alice.id, ['api']);
    const first = await alice.call.delete(tokenPath(row));
    expect([first.status, first.text]).toEqual([204, '']);
    expect((await alice.call.delete(tokenPath(row))).status).toBe(204);
    expect(said(await alice.call.get(tokenPath(row)))).toMatchObject({
      status: 200,
      json: { revoked: true, active: false },
    });
  });

  it("revoking somebody else's token is 400, a missing one 404", async () => {
    const row = await world.tokenRow(bob.id, ['api']);
    expect(said(await alice.call.delete(tokenPath(row)))).toEqual(
      refusal(400, '400 Bad request - Not permitted to revoke'),
    );
    expect(said(await alice.call.delete(`/personal_access_tokens/${String(NOBODY)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('a token can revoke itself with any scope', async () => {
    const caller = world.with(await world.token(alice.id, ['read_user']));
    expect((await caller.delete('/personal_access_tokens/self')).status).toBe(204);
    expect((await caller.get('/user')).status).toBe(401);
  });

  it('people make themselves tokens for k8s_proxy and self_rotate only', async () => {
    const answer = await alice.call.post('/user/personal_access_tokens', { name: 'x', scopes: ['api'] });
    expect(said(answer)).toEqual(fault(400, 'scopes does not have a valid value'));
  });
});

contract('personal access tokens: rotating', (section) => {
  it('rotating gives a new id and value with the same name and scopes, and revokes the old one', async () => {
    const row = await world.tokenRow(alice.id, ['read_api', 'self_rotate']);
    const rotated = await alice.call.post(`${tokenPath(row)}/rotate`, { expires_at: world.day(9) });
    expect(said(rotated)).toMatchObject({
      status: 200,
      json: {
        name: textAt(row.json, 'name'),
        scopes: ['read_api', 'self_rotate'],
        expires_at: world.day(9),
        active: true,
        user_id: alice.id,
      },
    });
    expect(numberAt(rotated.json, 'id')).not.toBe(numberAt(row.json, 'id'));
    expect((await world.with(textAt(rotated.json, 'token')).get('/user')).status).toBe(200);
    expect((await world.with(textAt(row.json, 'token')).get('/user')).status).toBe(401);
  });

  it('a revoked token cannot be rotated', async () => {
    const row = await world.tokenRow(alice.id, ['api']);
    await must(204, alice.call.delete(tokenPath(row)));
    expect(said(await alice.call.post(`${tokenPath(row)}/rotate`))).toEqual(
      refusal(400, '400 Bad request - Token already revoked'),
    );
  });

  it('an expired token can be rotated by another credential', async () => {
    const row = await world.tokenRow(alice.id, ['api'], world.day(-3));
    const rotated = await alice.call.post(`${tokenPath(row)}/rotate`, { expires_at: world.day(9) });
    expect(said(rotated)).toMatchObject({ status: 200, json: { active: true } });
  });

  it("somebody else's token is 401, a missing one 404 to an administrator", async () => {
    const row = await world.tokenRow(bob.id, ['api']);
    expect(said(await alice.call.post(`${tokenPath(row)}/rotate`))).toEqual(refusal(401, '401 Unauthorized'));
    expect(said(await world.admin.post(`/personal_access_tokens/${String(NOBODY)}/rotate`))).toEqual(
      refusal(404, '404 Not Found'),
    );
  });

  it('self_rotate is enough to rotate oneself, read_api is not', async () => {
    const able = world.with(await world.token(alice.id, ['self_rotate']));
    expect((await able.post('/personal_access_tokens/self/rotate', { expires_at: world.day(9) })).status).toBe(200);
    const unable = await world
      .with(await world.token(alice.id, ['read_api']))
      .post('/personal_access_tokens/self/rotate');
    expect(said(unable)).toMatchObject({ status: 403, json: { error: 'insufficient_scope' } });
    expect(textAt(unable.json, 'scope').split(' ')).toEqual(expect.arrayContaining(['api', 'self_rotate']));
  });

  it('a revoked token sent to a rotate path revokes every token that came of it', async () => {
    const old = await world.token(alice.id, ['api']);
    const rotated = await must(
      200,
      world.with(old).post('/personal_access_tokens/self/rotate', { expires_at: world.day(9) }),
    );
    const heir = world.with(textAt(rotated.json, 'token'));
    expect((await world.with(old).get('/user')).status).toBe(401);
    expect((await heir.get('/user')).status).toBe(200);
    expect((await world.with(old).post('/personal_access_tokens/self/rotate')).status).toBe(401);
    expect((await heir.get('/user')).status).toBe(401);
  });

  section.notAsked('a rotate whose answer is lost on the way (needs a fault)');
});
