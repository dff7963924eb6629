import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLL_MS, expectEachChangeToldOnce } from './changes.ts';
import { HOUR_MS, PROJECTS, STORES, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const DAY_MS = 24 * HOUR_MS;
const WAITS = { status: 'ACTIVATING', activatedAt: null, problem: { code: 'PENDING_UPSTREAM' } };

/** Somebody without any role that costs a seat: a role for them waits for an administrator. */
async function newcomer(scene: Scene, username: string): Promise<number> {
  const { json, status } = await scene.gitlab('POST', '/users', {
    username,
    name: username,
    email: `${username}@example.net`,
    force_random_password: true,
    skip_confirmation: true,
  });
  expect(status).toBe(201);
  return (json as { id: number }).id;
}
const decide = (scene: Scene, userId: number, approve: boolean) =>
  scene.gateway.sandbox.edit({ action: 'decidePromotions', userId, approve });
const adds = (scene: Scene) => scene.writes().filter(({ method }) => method === 'POST');
const becomes = (scene: Scene, id: string, status: string) =>
  scene.until(`it is ${status}`, async () => (await scene.see(id)).status === status);
const told = async (scene: Scene, id: string) => (await scene.audit(id)).map(({ action }) => action);

describe.each(STORES)('changes that GitLab accepts but holds back, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
    scene.gateway.sandbox.settings({ promotionApproval: true });
  }, 120_000);
  afterAll(async () => {
    try {
      await expectEachChangeToldOnce(scene);
    } finally {
      await scene.close();
    }
  });

  it('S31: a queued change is asked for once, and its duration counts from the read that shows it approved', async () => {
    const userId = await newcomer(scene, 'pat');
    scene.gateway.clearCalls();
    const { grant } = await scene.grant('pat', TOOLING, { duration: 'PT20M' });
    expect(grant).toMatchObject(WAITS);
    await scene.gateway.advance(30 * 60_000);
    expect(await scene.see(grant?.id ?? '')).toMatchObject(WAITS);
    expect(adds(scene)).toHaveLength(1);
    decide(scene, userId, true);
    await scene.gateway.advance(60_000);
    await becomes(scene, grant?.id ?? '', 'ACTIVE');
    const { activatedAt, expiresAt } = await scene.see(grant?.id ?? '');
    expect(Date.parse(expiresAt ?? '') - Date.parse(activatedAt ?? '')).toBe(20 * 60_000);
    await scene.gateway.advance(20 * 60_000);
    await becomes(scene, grant?.id ?? '', 'ENDED');
    expect(await scene.row('pat', TOOLING)).toBeNull();
  });

  it('S31: what nobody approves in time has FAILED, and a row that appears later is taken away', async () => {
    const userId = await newcomer(scene, 'quinn');
    const { grant } = await scene.grant('quinn', TOOLING);
    expect(grant).toMatchObject(WAITS);
    await scene.gateway.advance(HOUR_MS + 1_000);
    await becomes(scene, grant?.id ?? '', 'FAILED');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({
      problem: { code: 'PENDING_UPSTREAM' },
      activatedAt: null,
    });
    await scene.gateway.advance(30 * DAY_MS);
    decide(scene, userId, true);
    expect(await scene.row('quinn', TOOLING)).not.toBeNull();
    await scene.gateway.advance(POLL_MS);
    await scene.until('it is gone again', async () => (await scene.row('quinn', TOOLING)) === null);
    expect(await told(scene, grant?.id ?? '')).toContain('MEMBERSHIP_CHANGED_OUTSIDE');
    await scene.gateway.advance(POLL_MS);
    scene.gateway.clearCalls();
    await scene.gateway.advance(POLL_MS);
    expect(scene.gateway.calls()).toBe(0);
  });

  it('S31: the same holds for one that was revoked while it waited, and for a role that was to be raised', async () => {
    const userId = await newcomer(scene, 'rory');
    const members = `/projects/${encodeURIComponent(PROJECTS.tooling)}/members`;
    expect((await scene.gitlab('POST', members, { user_id: userId, access_level: 10 })).status).toBe(201);
    const { grant } = await scene.grant('rory', TOOLING);
    expect(grant).toMatchObject(WAITS);
    await scene.revokeGrant(grant?.id ?? '');
    await becomes(scene, grant?.id ?? '', 'ENDED');
    decide(scene, userId, true);
    expect(await scene.row('rory', TOOLING)).toMatchObject({ access_level: 40 });
    await scene.gateway.advance(POLL_MS);
    await scene.until('it is back', async () => (await scene.row('rory', TOOLING))?.access_level === 10);
  });

  it('S31: a queued change that came after all is not the base of the next grant', async () => {
    const userId = await newcomer(scene, 'sasha');
    const first = await scene.grant('sasha', TOOLING);
    await scene.revokeGrant(first.grant?.id ?? '');
    decide(scene, userId, true);
    const { grant } = await scene.grant('sasha', TOOLING, { accessLevel: 'OWNER' });
    expect(grant).toMatchObject({ status: 'ACTIVE', base: null });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row('sasha', TOOLING)).toBeNull();
  });

  it('S31: another connection to the same GitLab watches on where the one that asked was deleted', async () => {
    const userId = await newcomer(scene, 'vic');
    const connectionId = await scene.gateway.connect({ name: 'leaving' });
    const { grant } = await scene.grant('vic', TOOLING, { connectionId });
    expect(grant).toMatchObject(WAITS);
    await scene.revokeGrant(grant?.id ?? '');
    const { errors } = await scene.gateway.query(
      'mutation($input: DeleteConnectionInput!) { deleteConnection(input: $input) { userErrors { message } } }',
      { input: { connectionId, reason: 'leaving' } },
    );
    expect(errors).toEqual([]);
    decide(scene, userId, true);
    expect(await scene.row('vic', TOOLING)).not.toBeNull();
    await scene.gateway.advance(POLL_MS);
    await scene.until('it is gone again', async () => (await scene.row('vic', TOOLING)) === null);
  });

  it('S31: the end of another grant does not wait for what waits', async () => {
    const userId = await newcomer(scene, 'wim');
    const guest = await scene.grant('wim', TOOLING, { accessLevel: 'GUEST' });
    expect(guest.grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED' });
    const { grant } = await scene.grant('wim', TOOLING);
    expect(grant).toMatchObject(WAITS);
    await scene.revokeGrant(guest.grant?.id ?? '');
    await becomes(scene, guest.grant?.id ?? '', 'ENDED');
    expect(await scene.row('wim', TOOLING)).toBeNull();
    decide(scene, userId, true);
    await scene.gateway.advance(60_000);
    await becomes(scene, grant?.id ?? '', 'ACTIVE');
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row('wim', TOOLING)).toBeNull();
  });

  it('S31: nothing is looked for any more after 90 days', async () => {
    const userId = await newcomer(scene, 'toni');
    const { grant } = await scene.grant('toni', TOOLING);
    await scene.revokeGrant(grant?.id ?? '');
    await scene.gateway.advance(91 * DAY_MS);
    decide(scene, userId, true);
    await scene.gateway.advance(POLL_MS);
    expect(await scene.row('toni', TOOLING)).not.toBeNull();
  });

  it('S31: a row that awaits an approval is no access, and is withdrawn when it is given up', async () => {
    scene.gateway.sandbox.settings({ promotionApproval: false });
    await newcomer(scene, 'uma');
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'awaiting-201' });
    const { grant } = await scene.grant('uma', TOOLING);
    expect(grant).toMatchObject(WAITS);
    expect(await scene.row('uma', TOOLING)).not.toBeNull();
    await scene.gateway.advance(HOUR_MS + 1_000);
    await becomes(scene, grant?.id ?? '', 'FAILED');
    expect(await scene.row('uma', TOOLING)).toBeNull();
  });
});
