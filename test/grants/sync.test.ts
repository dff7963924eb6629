import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLL_MS, expectEachChangeToldOnce } from './changes.ts';
import { GROUPS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const CORE = { group: GROUPS.core };
const LDAP = { ldapLinks: [{ cn: 'core', groupAccess: 20, provider: 'ldapmain' }] };
const SAML = { samlLinks: [{ name: 'everybody', accessLevel: 10 }] };

const idOf = async (scene: Scene, path: string): Promise<number> =>
  ((await scene.gitlab('GET', path)).json as { id: number }).id;
const userId = async (scene: Scene, username: string): Promise<number> =>
  ((await scene.gitlab('GET', `/users?username=${username}`)).json as { id: number }[])[0]?.id ?? 0;
const ended = (scene: Scene, id: string) =>
  scene.until('it has ended', async () => (await scene.see(id)).status === 'ENDED');

describe.each(STORES)('rows that an identity provider changes during a grant, on the %s store', (store) => {
  let scene: Scene;
  let core: { sourceKind: 'Group'; sourceId: number; userId: number };
  let tooling: { sourceKind: 'Project'; sourceId: number; userId: number };
  beforeAll(async () => {
    scene = await startScene({ store });
    const niaj = await userId(scene, USERS.niaj);
    const group = await idOf(scene, `/groups/${encodeURIComponent(GROUPS.core)}`);
    const project = await idOf(scene, `/projects/${encodeURIComponent(PROJECTS.tooling)}`);
    core = { sourceKind: 'Group', sourceId: group, userId: niaj };
    tooling = { sourceKind: 'Project', sourceId: project, userId: niaj };
  }, 120_000);
  afterAll(async () => {
    try {
      await expectEachChangeToldOnce(scene);
    } finally {
      await scene.close();
    }
  });

  it('S33: a row that LDAP lowered ends the grant as UPSTREAM_SYNC and is left as LDAP wants it', async () => {
    const { grant } = await scene.grant(USERS.niaj, CORE);
    expect(grant?.status).toBe('ACTIVE');
    scene.gateway.sandbox.edit({ action: 'setGroup', id: core.sourceId, set: LDAP });
    scene.gateway.sandbox.edit({ action: 'setMember', ...core, set: { accessLevel: 20, ldap: true } });
    scene.gateway.clearCalls();
    await scene.gateway.advance(POLL_MS);
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'UPSTREAM_SYNC' });
    expect(scene.writes()).toEqual([]);
    expect(await scene.row(USERS.niaj, CORE)).toMatchObject({ access_level: 20 });
    scene.gateway.sandbox.edit({ action: 'removeMember', ...core });
    scene.gateway.sandbox.edit({ action: 'setGroup', id: core.sourceId, set: { ldapLinks: [] } });
  });

  it('S33: a row that is gone where a group above has SAML links ends UPSTREAM_SYNC and is not made again', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { accessLevel: 'DEVELOPER' });
    const above = await idOf(scene, `/groups/${encodeURIComponent(PROJECTS.tooling.split('/')[0] ?? '')}`);
    scene.gateway.sandbox.edit({ action: 'setGroup', id: above, set: SAML });
    scene.gateway.sandbox.edit({ action: 'removeMember', ...tooling });
    await scene.gateway.advance(POLL_MS);
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'UPSTREAM_SYNC' });
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('S33: links above do not let a lowered row stand: it goes to the base as OUTSIDE_CHANGE', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    scene.gateway.sandbox.edit({ action: 'setMember', ...tooling, set: { accessLevel: 30 } });
    await scene.gateway.advance(POLL_MS);
    await ended(scene, grant?.id ?? '');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'OUTSIDE_CHANGE' });
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });
});
