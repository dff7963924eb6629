import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLL_MS, expectEachChangeToldOnce } from './changes.ts';
import { GROUPS, PROJECTS, STORES, TOKENS, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };

const idOf = async (scene: Scene, path: string): Promise<number> =>
  ((await scene.gitlab('GET', path)).json as { id: number }).id;
const userId = async (scene: Scene, username: string): Promise<number> =>
  ((await scene.gitlab('GET', `/users?username=${username}`)).json as { id: number }[])[0]?.id ?? 0;
const ended = (scene: Scene, id: string) =>
  scene.until('it has ended', async () => (await scene.see(id)).status === 'ENDED');

describe.each(STORES)('people and places that go away during a grant, on the %s store', (store) => {
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

  it.each(['blocked', 'banned', 'deactivated'] as const)(
    'S27: a user who is %s loses the grant at once and is back at the base',
    async (state) => {
      const { grant } = await scene.grant(USERS.eve, TOOLING);
      const id = await userId(scene, USERS.eve);
      scene.gateway.sandbox.edit({ action: 'setUser', id, set: { state } });
      await scene.gateway.advance(POLL_MS);
      await ended(scene, grant?.id ?? '');
      expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'USER_INACTIVE' });
      expect(await scene.row(USERS.eve, TOOLING)).toMatchObject({ access_level: 30 });
      scene.gateway.sandbox.edit({ action: 'setUser', id, set: { state: 'active' } });
    },
  );

  it('S28: a user who is deleted ends as GONE, and one made again with that name inherits nothing', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    const id = await userId(scene, USERS.niaj);
    scene.gateway.sandbox.edit({ action: 'remove', what: 'user', id });
    const made = await scene.gitlab('POST', '/users', {
      username: USERS.niaj,
      name: 'Niaj',
      email: 'niaj-again@example.net',
      force_random_password: true,
      skip_confirmation: true,
    });
    expect(made.status).toBe(201);
    await scene.gateway.advance(POLL_MS);
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'GONE' });
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('S29: a group that moves keeps its grants, which end there', async () => {
    const { grant } = await scene.grant(USERS.heidi, { group: GROUPS.core });
    const id = await idOf(scene, `/groups/${encodeURIComponent(GROUPS.core)}`);
    scene.gateway.sandbox.edit({ action: 'renameGroup', id, path: 'kernel' });
    await scene.gateway.advance(POLL_MS);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE', problem: null });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.heidi, { group: 'acme/platform/payments/kernel' })).toBeNull();
    scene.gateway.sandbox.edit({ action: 'renameGroup', id, path: 'core' });
  });

  it('S29: an archived project still gets its revokes', async () => {
    const { grant } = await scene.grant(USERS.heidi, TOOLING);
    const id = await idOf(scene, `/projects/${encodeURIComponent(PROJECTS.tooling)}`);
    scene.gateway.sandbox.edit({ action: 'setProject', id, set: { archived: true } });
    await scene.gateway.advance(3 * 3_600_000);
    await ended(scene, grant?.id ?? '');
    expect(await scene.row(USERS.heidi, TOOLING)).toBeNull();
    scene.gateway.sandbox.edit({ action: 'setProject', id, set: { archived: false } });
  });

  it('S29: to a token that is no administrator, not found is SOURCE_UNREADABLE with an alert, and never the end', async () => {
    const target = { project: PROJECTS.website };
    const { grant } = await scene.grant(USERS.heidi, target);
    const id = await idOf(scene, `/projects/${encodeURIComponent(PROJECTS.website)}`);
    scene.gateway.sandbox.edit({ action: 'remove', what: 'project', id });
    await scene.gateway.advance(POLL_MS);
    await scene.until('it says so', async () => (await scene.see(grant?.id ?? '')).problem !== null);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({
      status: 'ACTIVE',
      problem: { code: 'SOURCE_UNREADABLE' },
    });
    expect(scene.gateway.logged.some((line) => line.includes('"alert":"SOURCE_UNREADABLE"'))).toBe(true);
    await scene.gateway.advance(3 * 3_600_000);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({
      status: 'ENDING',
      problem: { code: 'SOURCE_UNREADABLE' },
    });
    const abandoned = await scene.revokeGrant(grant?.id ?? '', { abandon: true });
    expect(abandoned.grants).toMatchObject([{ status: 'ENDED', endReason: 'ABANDONED' }]);
  });

  it('S29: to an administrator who has just proven it, not found is the end, GONE', async () => {
    const connectionId = await scene.gateway.connect({ name: 'admin', token: TOKENS.admin });
    const { grant } = await scene.grant(USERS.heidi, { project: PROJECTS.api }, { connectionId });
    const id = await idOf(scene, `/projects/${encodeURIComponent(PROJECTS.api)}`);
    scene.gateway.sandbox.edit({ action: 'remove', what: 'project', id });
    await scene.gateway.advance(POLL_MS);
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'GONE' });
  });
});
