import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { POLL_MS, expectEachChangeToldOnce } from './changes.ts';
import { HOUR_MS, PROJECTS, startScene } from './scene.ts';
import type { GrantSeen, Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const MEMBERS = `/projects/${encodeURIComponent(PROJECTS.tooling)}/members`;
const DAY_MS = 24 * HOUR_MS;
const GUEST = 10;
const MAINTAINER = 40;

/** Somebody whose highest role, if any, takes no seat. */
async function newcomer(scene: Scene, username: string, row: object | null): Promise<number> {
  const { json, status } = await scene.gitlab('POST', '/users', {
    username,
    name: username,
    email: `${username}@example.net`,
    force_random_password: true,
    skip_confirmation: true,
  });
  expect(status).toBe(201);
  const { id } = json as { id: number };
  if (row !== null) expect((await scene.gitlab('POST', MEMBERS, { user_id: id, ...row })).status).toBe(201);
  return id;
}
const decide = (scene: Scene, userId: number, approve: boolean) =>
  scene.gateway.sandbox.edit({ action: 'decidePromotions', userId, approve });
const becomes = (scene: Scene, id: string, status: string) =>
  scene.until(`it is ${status}`, async () => (await scene.see(id)).status === status);

/** GitLab queues the one write and its answer is lost; after that it takes none, and the gateway starts anew. */
async function queuedUnheard(scene: Scene, user: string, method: 'POST' | 'PUT'): Promise<GrantSeen> {
  const { sandbox } = scene.gateway;
  sandbox.fault({ method, path: '/members', kind: 'cut-after' });
  sandbox.fault({ method, path: '/members', kind: '503', times: 1_000 });
  const { grant } = await scene.grant(user, TOOLING);
  if (grant === null) throw new Error('It was refused.');
  expect(grant).toMatchObject({ status: 'ACTIVATING', activatedAt: null });
  await scene.gateway.restart();
  return grant;
}

/** The same, and nobody wants it any more before GitLab takes writes again. */
async function givenUpUnheard(scene: Scene, user: string, method: 'POST' | 'PUT'): Promise<GrantSeen> {
  const grant = await queuedUnheard(scene, user, method);
  await scene.revokeGrant(grant.id);
  await scene.gateway.advance(60_000);
  await becomes(scene, grant.id, 'ENDED');
  scene.gateway.sandbox.clearFaults();
  return grant;
}

describe.each(['folder', 'postgres'] as const)('promotions that GitLab queued unheard, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  beforeEach(() => {
    scene.gateway.sandbox.clearFaults();
    scene.gateway.sandbox.settings({ promotionApproval: true, version: '18.9.0-ee' });
  });
  afterAll(async () => {
    try {
      await expectEachChangeToldOnce(scene);
    } finally {
      await scene.close();
    }
  });

  it('S31: a raise that is approved days after its grant ended is put back, and the date that the approval cleared too', async () => {
    const expires = '2099-12-31';
    const userId = await newcomer(scene, 'ada', { access_level: GUEST, expires_at: expires });
    const { id } = await givenUpUnheard(scene, 'ada', 'PUT');
    await scene.gateway.restart();
    await scene.gateway.advance(2 * DAY_MS);
    decide(scene, userId, true);
    expect(await scene.row('ada', TOOLING)).toMatchObject({ access_level: MAINTAINER, expires_at: null });
    await scene.gateway.advance(POLL_MS);
    await scene.until('it is back', async () => (await scene.row('ada', TOOLING))?.access_level === GUEST);
    expect(await scene.row('ada', TOOLING)).toMatchObject({ access_level: GUEST, expires_at: expires });
    expect((await scene.audit(id)).map(({ action }) => action)).toContain('MEMBERSHIP_CHANGED_OUTSIDE');
  });

  it('S31: a row that is added so, in the name of who approved it, is taken away', async () => {
    const userId = await newcomer(scene, 'bea', null);
    await givenUpUnheard(scene, 'bea', 'POST');
    await scene.gateway.advance(DAY_MS);
    decide(scene, userId, true);
    expect(await scene.row('bea', TOOLING)).toMatchObject({ access_level: MAINTAINER });
    await scene.gateway.advance(POLL_MS);
    await scene.until('it is gone again', async () => (await scene.row('bea', TOOLING)) === null);
  });

  it('S31: one that is still wanted is asked for again, becomes active when it is approved, and its end restores the row before', async () => {
    const expires = '2099-12-31';
    const userId = await newcomer(scene, 'cleo', { access_level: GUEST, expires_at: expires });
    const { id } = await queuedUnheard(scene, 'cleo', 'PUT');
    scene.gateway.sandbox.clearFaults();
    await scene.gateway.advance(60_000);
    await scene.until(
      'GitLab is known to have queued it',
      async () => (await scene.see(id)).problem?.code === 'PENDING_UPSTREAM',
    );
    decide(scene, userId, true);
    await scene.gateway.advance(60_000);
    await becomes(scene, id, 'ACTIVE');
    expect(await scene.see(id)).toMatchObject({ effect: 'RAISED', base: { accessLevel: 'GUEST', expiresAt: expires } });
    expect(await scene.row('cleo', TOOLING)).toMatchObject({ access_level: MAINTAINER, expires_at: expires });
    await scene.revokeGrant(id);
    expect(await scene.row('cleo', TOOLING)).toMatchObject({ access_level: GUEST, expires_at: expires });
  });

  it('S31: after a refusal nothing is watched, and the same raise by a person stays', async () => {
    const userId = await newcomer(scene, 'dora', { access_level: GUEST });
    await givenUpUnheard(scene, 'dora', 'PUT');
    decide(scene, userId, false);
    await scene.gateway.advance(2 * HOUR_MS);
    await scene.gateway.advance(POLL_MS);
    scene.gateway.clearCalls();
    await scene.gateway.advance(POLL_MS);
    expect(scene.gateway.calls()).toBe(0);
    expect((await scene.gitlab('PUT', `${MEMBERS}/${String(userId)}`, { access_level: MAINTAINER })).status).toBe(200);
    await scene.gateway.advance(2 * DAY_MS);
    expect(await scene.row('dora', TOOLING)).toMatchObject({ access_level: MAINTAINER });
  });

  it('S31: where GitLab does not queue promotions, a raise two hours later is the person’s who made it', async () => {
    scene.gateway.sandbox.settings({ promotionApproval: false });
    const userId = await newcomer(scene, 'edna', { access_level: GUEST });
    const { sandbox } = scene.gateway;
    sandbox.fault({ method: 'PUT', path: '/members', kind: 'cut-before' });
    sandbox.fault({ method: 'PUT', path: '/members', kind: '503', times: 1_000 });
    const { grant } = await scene.grant('edna', TOOLING);
    await scene.revokeGrant(grant?.id ?? '');
    await scene.gateway.advance(60_000);
    await becomes(scene, grant?.id ?? '', 'ENDED');
    sandbox.clearFaults();
    await scene.gateway.advance(2 * HOUR_MS);
    expect((await scene.gitlab('PUT', `${MEMBERS}/${String(userId)}`, { access_level: MAINTAINER })).status).toBe(200);
    await scene.gateway.advance(2 * DAY_MS);
    expect(await scene.row('edna', TOOLING)).toMatchObject({ access_level: MAINTAINER });
  });

  it('S31: where GitLab’s list cannot be read, the very raise that was sent is put back for 90 days, and no other', async () => {
    scene.gateway.sandbox.settings({ version: '17.5.0-ee' });
    const [first, other] = [await newcomer(scene, 'fay', { access_level: GUEST }), await newcomer(scene, 'gail', null)];
    await scene.gateway.restart();
    await givenUpUnheard(scene, 'fay', 'PUT');
    await scene.gateway.advance(30 * DAY_MS);
    decide(scene, first, true);
    expect(await scene.row('fay', TOOLING)).toMatchObject({ access_level: MAINTAINER });
    await scene.gateway.advance(DAY_MS);
    await scene.until('it is back', async () => (await scene.row('fay', TOOLING))?.access_level === GUEST);
    expect((await scene.gitlab('POST', MEMBERS, { user_id: other, access_level: GUEST })).status).toBe(201);
    await givenUpUnheard(scene, 'gail', 'PUT');
    decide(scene, other, false);
    await scene.gateway.advance(2 * HOUR_MS);
    expect((await scene.gitlab('PUT', `${MEMBERS}/${String(other)}`, { access_level: 30 })).status).toBe(200);
    await scene.gateway.advance(2 * DAY_MS);
    expect(await scene.row('gail', TOOLING)).toMatchObject({ access_level: 30 });
  });
});
