import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Answer, type Bench } from './ask.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ settings: { authorizationDelayMs: 0 } });
});
afterEach(() => bench.sandbox.close());

const row = (path: string, name: string): string => `/${path}/members/${String(bench.user(name))}`;
const acme = (): string => `groups/${String(bench.group('acme'))}`;
const ops = (): string => `groups/${String(bench.group('acme/ops'))}`;
const api = (): string => `projects/${String(bench.project('acme/api'))}`;
const put = (path: string, body: unknown, token = bench.sandbox.tokens.admin): Promise<Answer> =>
  bench.api('PUT', path, { body, token });
const remove = (path: string, token = bench.sandbox.tokens.admin): Promise<Answer> =>
  bench.api('DELETE', path, { token });
const said = (answer: Answer): unknown[] => [answer.status, answer.body];
const FORBIDDEN = [403, { message: '403 Forbidden' }];

function byHand(kind: 'Group' | 'Project', sourceId: number, name: string, accessLevel: number): void {
  const place = { sourceKind: kind, sourceId, userId: bench.user(name) };
  bench.sandbox.edit({ action: 'addMember', ...place, set: { accessLevel } });
}

describe('changing a member', () => {
  it('keeps the date that is not sent and clears the one sent empty', async () => {
    await put(row(acme(), 'dana'), { access_level: 30, expires_at: '2026-06-01' });
    expect((await put(row(acme(), 'dana'), { access_level: 40 })).body).toMatchObject({
      access_level: 40,
      expires_at: '2026-06-01',
    });
    expect((await put(row(acme(), 'dana'), { access_level: 40, expires_at: '' })).body).toMatchObject({
      expires_at: null,
    });
    expect(said(await put(row(acme(), 'dana'), { expires_at: '' }))).toEqual([
      400,
      { error: 'access_level is missing' },
    ]);
  });

  it('protects the last human Owner of a group, from administrators too', async () => {
    expect(said(await put(row(acme(), 'olivia'), { access_level: 50, expires_at: '2026-06-01' }))).toEqual(FORBIDDEN);
    expect(said(await remove(row(acme(), 'olivia')))).toEqual(FORBIDDEN);
    byHand('Group', bench.group('acme'), 'root', 50);
    expect((await put(row(acme(), 'olivia'), { access_level: 40 })).status).toBe(200);
  });

  it('does not take an Owner of an ancestor for the last one of a subgroup', async () => {
    byHand('Group', bench.group('acme/ops'), 'olivia', 50);
    expect((await remove(row(ops(), 'olivia'))).status).toBe(204);
  });

  it('fails on a row that has fallen below an inherited level, even for a date; DELETE still works', async () => {
    byHand('Group', bench.group('acme/ops'), 'dana', 20);
    expect(said(await put(row(ops(), 'dana'), { access_level: 20, expires_at: '2026-06-01' }))).toEqual([
      400,
      {
        message: {
          access_level: ['should be greater than or equal to Developer inherited membership from group Acme'],
        },
      },
    ]);
    expect((await remove(row(ops(), 'dana'))).status).toBe(204);
  });

  it('lets nobody raise themselves or go above their own level', async () => {
    byHand('Project', bench.project('acme/api'), 'dana', 40);
    const token = bench.sandbox.tokens.user;
    expect(said(await put(row(api(), 'dana'), { access_level: 50 }, token))).toEqual(FORBIDDEN);
    expect((await put(row(api(), 'dana'), { access_level: 30 }, token)).status).toBe(200);
  });

  it('wants a word on the custom role when the level changes', async () => {
    const made = bench.sandbox.edit({ action: 'addMemberRole', name: 'Ops', groupId: null, baseAccessLevel: 30 });
    await put(row(acme(), 'dana'), { access_level: 30, member_role_id: made['id'] });
    const refused = await put(row(acme(), 'dana'), { access_level: 40 });
    expect([refused.status, Object.keys((refused.body as { message: object }).message)]).toEqual([
      400,
      ['member_role_id', 'access_level'],
    ]);
    const freed = await put(row(acme(), 'dana'), { access_level: 40, member_role_id: null });
    expect([freed.status, freed.body]).toEqual([200, expect.not.objectContaining({ member_role: expect.anything() })]);
  });

  it('carries out a PUT by an old project path, redirects a GET and refuses a DELETE', async () => {
    byHand('Project', bench.project('acme/api'), 'dana', 40);
    const id = String(bench.project('acme/api'));
    bench.sandbox.edit({ action: 'renameProject', id: Number(id), path: 'api2' });
    const old = `/projects/acme%2Fapi/members/${String(bench.user('dana'))}`;
    const get = await bench.api('GET', `${old}?x=1`);
    const location = `${bench.sandbox.url}/api/v4/projects/${id}/members/${String(bench.user('dana'))}?x=1`;
    expect([get.status, get.headers.get('location'), get.text]).toEqual([
      301,
      location,
      `This resource has been moved permanently to ${location}`,
    ]);
    expect((await put(old, { access_level: 50 })).status).toBe(200);
    expect(said(await remove(old))).toEqual([405, { message: 'Non GET methods are not allowed for moved projects' }]);
  });
});

describe('removing a member', () => {
  it('takes the direct rows below a group with it unless told to skip them', async () => {
    byHand('Group', bench.group('acme/ops'), 'dana', 40);
    byHand('Project', bench.project('acme/ops/deploy'), 'dana', 40);
    await remove(`${row(ops(), 'dana')}?skip_subresources=true`);
    const deploy = `projects/${String(bench.project('acme/ops/deploy'))}`;
    expect((await bench.api('GET', row(deploy, 'dana'))).status).toBe(200);
    await remove(row(acme(), 'dana'));
    expect((await bench.api('GET', row(deploy, 'dana'))).status).toBe(404);
  });

  it('answers 403 half way when something below may not be removed', async () => {
    byHand('Group', bench.group('acme/ops'), 'dana', 40);
    const ldapLinks = [{ cn: 'ops', groupAccess: 30, provider: 'ldapmain' }];
    bench.sandbox.edit({ action: 'setGroup', id: bench.group('acme/ops'), set: { ldapLinks } });
    expect(said(await remove(row(acme(), 'dana')))).toEqual(FORBIDDEN);
    expect((await bench.api('GET', row(acme(), 'dana'))).status).toBe(404);
    expect((await bench.api('GET', row(ops(), 'dana'))).status).toBe(200);
  });

  it('honours If-Unmodified-Since', async () => {
    const headers = { 'If-Unmodified-Since': 'Mon, 02 Mar 2026 11:59:59 GMT' };
    const stale = await bench.api('DELETE', row(acme(), 'dana'), { headers });
    expect(said(stale)).toEqual([412, { message: '412 Precondition Failed' }]);
    const fresh = { 'If-Unmodified-Since': 'Mon, 02 Mar 2026 12:00:05 GMT' };
    expect((await bench.api('DELETE', row(acme(), 'dana'), { headers: fresh })).status).toBe(204);
  });

  it('lets people leave, and answers 404 the second time', async () => {
    const token = bench.sandbox.tokens.user;
    expect((await remove(row(acme(), 'dana'), token)).status).toBe(204);
    expect(said(await remove(row(acme(), 'dana')))).toEqual([404, { message: '404 Not found' }]);
  });

  it('drops the SAML link with a row of the root group', async () => {
    const groupId = bench.group('acme');
    bench.sandbox.edit({ action: 'setGroup', id: groupId, set: { saml: { enabled: true, enforced: false } } });
    bench.sandbox.edit({ action: 'linkSaml', userId: bench.user('dana'), groupId, externUid: 'd' });
    const before = await bench.api('GET', row(acme(), 'dana'));
    expect(before.body).toMatchObject({ group_saml_identity: { extern_uid: 'd' } });
    await remove(row(acme(), 'dana'));
    expect(bench.sandbox.world.users.get(bench.user('dana'))?.samlIdentities.size).toBe(0);
  });

  it('allows sixty a minute for one source and caller, 404s being free', async () => {
    const path = row(acme(), 'dana');
    const place = { sourceKind: 'Group' as const, sourceId: bench.group('acme'), userId: bench.user('dana') };
    bench.sandbox.clock.set(Date.parse('2026-03-02T12:10:00Z'));
    for (let n = 0; n < 60; n += 1) {
      expect((await remove(path)).status).toBe(204);
      expect((await remove(path)).status).toBe(404);
      bench.sandbox.edit({ action: 'addMember', ...place, set: { accessLevel: 30 } });
    }
    const refused = await remove(path);
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
      429,
      '60',
      { message: { error: 'This endpoint has been requested too many times. Try again later.' } },
    ]);
    bench.sandbox.clock.set(Date.parse('2026-03-02T12:11:00Z'));
    expect((await remove(path)).status).toBe(204);
  });
});
