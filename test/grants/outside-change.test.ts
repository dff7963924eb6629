import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLL_MS, expectEachChangeToldOnce } from './changes.ts';
import { PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Place, Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const DEVELOPER = { accessLevel: 'DEVELOPER' };
const members = `/projects/${encodeURIComponent(PROJECTS.tooling)}/members`;

/** The administrator of GitLab changes a row by hand, and the gateway comes by. */
async function byHand(scene: Scene, method: 'PUT' | 'DELETE', user: string, body?: object): Promise<void> {
  const row = await scene.row(user, TOOLING);
  const { status } = await scene.gitlab(method, `${members}/${String(row?.id ?? '')}`, body);
  expect(status).toBeLessThan(300);
  await scene.gateway.advance(POLL_MS);
}
const ended = (scene: Scene, id: string) =>
  scene.until('it has ended', async () => (await scene.see(id)).status === 'ENDED');
/** Without what tells that the access is in force, which may come at any time. */
const told = async (scene: Scene, id: string) =>
  (await scene.audit(id)).map(({ action }) => action).filter((action) => action !== 'GRANT_UPDATED');
const alerts = (scene: Scene) => scene.gateway.logged.flatMap((line) => /"alert":"([A-Z_]+)"/.exec(line)?.[1] ?? []);
const base = async (scene: Scene, user: string, target: Place) => (await scene.row(user, target))?.access_level ?? null;

describe.each(STORES)('rows changed by others during a grant, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(async () => {
    try {
      await expectEachChangeToldOnce(scene);
    } finally {
      await scene.close();
    }
  });

  it('a look at a grant in force that finds all as it was writes nothing to GitLab and tells nothing', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    const before = await told(scene, grant?.id ?? '');
    scene.gateway.clearCalls();
    await scene.gateway.advance(POLL_MS);
    const reads = scene.gateway.sandbox.calls().filter(({ path }) => path.endsWith('/members'));
    expect(reads).toHaveLength(1);
    expect(scene.writes()).toEqual([]);
    expect(await told(scene, grant?.id ?? '')).toEqual(before);
    await scene.revokeGrant(grant?.id ?? '');
  });

  it('S12: a row of ours that somebody raised is put back with an alert, and the due time is kept', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, DEVELOPER);
    await byHand(scene, 'PUT', USERS.niaj, { access_level: 40 });
    expect(await base(scene, USERS.niaj, TOOLING)).toBe(30);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE', expiresAt: grant?.expiresAt });
    expect(await told(scene, grant?.id ?? '')).toContain('MEMBERSHIP_CHANGED_OUTSIDE');
    expect(alerts(scene)).toContain('OUTSIDE_RAISE');
    await scene.revokeGrant(grant?.id ?? '');
  });

  it('S12: an earlier date on our row is kept', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { ...DEVELOPER, duration: 'P3D' });
    const sooner = new Date(scene.gateway.sandbox.clock.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    await byHand(scene, 'PUT', USERS.niaj, { access_level: 30, expires_at: sooner });
    expect(await scene.row(USERS.niaj, TOOLING)).toMatchObject({ access_level: 30, expires_at: sooner });
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE', expiresAt: grant?.expiresAt });
    await scene.revokeGrant(grant?.id ?? '');
  });

  it('S12: a row of ours that somebody removed is not made again, and its grants end OUTSIDE_CHANGE', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, DEVELOPER);
    await byHand(scene, 'DELETE', USERS.niaj);
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'OUTSIDE_CHANGE' });
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('S12: a lowered row ends the grants and leaves no more than the base', async () => {
    const { grant } = await scene.grant(USERS.eve, TOOLING);
    expect(grant).toMatchObject({ effect: 'RAISED' });
    await byHand(scene, 'PUT', USERS.eve, { access_level: 20 });
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'OUTSIDE_CHANGE' });
    expect(await base(scene, USERS.eve, TOOLING)).toBe(20);
    await byHand(scene, 'PUT', USERS.eve, { access_level: 30 });
  });

  it('S13: who may manage members and raises or prolongs himself is put back, TAMPERED until the grant ends', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    const id = grant?.id ?? '';
    await byHand(scene, 'PUT', USERS.niaj, { access_level: 50, expires_at: '' });
    expect(await scene.row(USERS.niaj, TOOLING)).toMatchObject({ access_level: 40, expires_at: grant?.backstop });
    expect(await scene.see(id)).toMatchObject({
      status: 'ACTIVE',
      problem: { code: 'TAMPERED' },
      expiresAt: grant?.expiresAt,
    });
    expect(alerts(scene)).toContain('TAMPERED');
    await scene.gateway.advance(POLL_MS);
    expect(await scene.see(id)).toMatchObject({ problem: { code: 'TAMPERED' } });
    expect((await told(scene, id)).filter((action) => action === 'GRANT_PROBLEM')).toHaveLength(1);
    await scene.gateway.advance(2 * 3_600_000);
    await ended(scene, id);
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });
});

describe('rows changed by others where the settings are the other way', () => {
  let scene: Scene;
  beforeAll(async () => {
    const settings = { outsideRaise: 'respect', outsideLowering: 'enforce' } as const;
    scene = await startScene({ store: 'memory', settings });
  }, 120_000);
  afterAll(async () => {
    try {
      await expectEachChangeToldOnce(scene);
    } finally {
      await scene.close();
    }
  });

  it('S12: OUTSIDE_RAISE=respect takes the raised row for the base', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, DEVELOPER);
    await byHand(scene, 'PUT', USERS.niaj, { access_level: 40 });
    expect(await base(scene, USERS.niaj, TOOLING)).toBe(40);
    await scene.revokeGrant(grant?.id ?? '');
    expect(await base(scene, USERS.niaj, TOOLING)).toBe(40);
    await byHand(scene, 'DELETE', USERS.niaj);
  });

  it('S12: OUTSIDE_LOWERING=enforce puts a lowered row and a removed row back', async () => {
    const { grant } = await scene.grant(USERS.eve, TOOLING);
    await byHand(scene, 'PUT', USERS.eve, { access_level: 20 });
    expect(await base(scene, USERS.eve, TOOLING)).toBe(40);
    await byHand(scene, 'DELETE', USERS.eve);
    expect(await base(scene, USERS.eve, TOOLING)).toBe(40);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE' });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await base(scene, USERS.eve, TOOLING)).toBe(30);
  });

  it('S13: OUTSIDE_RAISE=respect does not let the grantee raise himself', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    await byHand(scene, 'PUT', USERS.niaj, { access_level: 50 });
    expect(await base(scene, USERS.niaj, TOOLING)).toBe(40);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ problem: { code: 'TAMPERED' } });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await base(scene, USERS.niaj, TOOLING)).toBeNull();
  });
});
