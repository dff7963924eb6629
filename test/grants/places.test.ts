import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectEachChangeToldOnce } from './changes.ts';
import { GROUPS, HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Place, Scene } from './scene.ts';

/** Longer than the pause between two looks at where groups and projects are. */
const LOOK_MS = 11 * 60_000;
const SIX_DAYS = { duration: 'P6D' };

const urlOf = (place: Place): string => {
  const [kind, path] = 'group' in place ? ['groups', place.group] : ['projects', place.project];
  return `/${kind}/${encodeURIComponent(path)}`;
};
const idOf = async (scene: Scene, place: Place): Promise<number> =>
  ((await scene.gitlab('GET', urlOf(place))).json as { id: number }).id;

/** What the histories of grants tell of moves. */
async function moves(scene: Scene, grantId: string): Promise<string[]> {
  const { data } = await scene.gateway.query<{ auditEvents: { nodes: { action: string; summary: string }[] } }>(
    'query Told($id: ID) { auditEvents(filter: { grantId: $id }, first: 100) { nodes { action summary } } }',
    { id: grantId },
  );
  const told = data.auditEvents.nodes.filter(({ action }) => action === 'GRANT_UPDATED').map(({ summary }) => summary);
  return told.filter((summary) => summary.includes('moved here from'));
}
const warnings = (scene: Scene) => scene.gateway.logged.filter((line) => line.includes('after a move')).length;

describe.each(STORES)('groups and projects that move or are marked for deletion, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
    scene.gateway.sandbox.settings({ deletionRetentionDays: 1 });
  }, 120_000);
  afterAll(async () => {
    try {
      await expectEachChangeToldOnce(scene);
    } finally {
      await scene.close();
    }
  });

  it('S29: a project moved under groups that give more keeps its grant, with a warning of the new role', async () => {
    const { grant } = await scene.grant(USERS.grace, { project: PROJECTS.tooling }, { accessLevel: 'DEVELOPER' });
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED' });
    const to = { namespace: GROUPS.design };
    expect((await scene.gitlab('PUT', `${urlOf({ project: PROJECTS.tooling })}/transfer`, to)).status).toBe(200);
    await scene.gateway.advance(LOOK_MS);
    await scene.until('it is told', async () => (await moves(scene, grant?.id ?? '')).length > 0);
    expect(await moves(scene, grant?.id ?? '')).toEqual([
      'grace on acme/design/tooling: the project moved here from acme/platform/tooling: the groups above now make it level 40 instead of level 30',
    ]);
    expect(warnings(scene)).toBe(1);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE', problem: null });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.grace, { project: 'acme/design/tooling' })).toBeNull();
  });

  it('S29: a group moved to where the role stays the same is told of without a warning, and once', async () => {
    const { grant } = await scene.grant(USERS.bob, { group: GROUPS.core });
    const before = warnings(scene);
    const to = { group_id: await idOf(scene, { group: GROUPS.open }) };
    expect((await scene.gitlab('POST', `${urlOf({ group: GROUPS.core })}/transfer`, to)).status).toBe(201);
    await scene.gateway.advance(LOOK_MS);
    await scene.until('it is told', async () => (await moves(scene, grant?.id ?? '')).length > 0);
    await scene.gateway.advance(LOOK_MS);
    expect(await moves(scene, grant?.id ?? '')).toEqual([
      'bob on acme/open/core: the group moved here from acme/platform/payments/core: the role stays as it is',
    ]);
    expect(warnings(scene)).toBe(before);
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.bob, { group: 'acme/open/core' })).toBeNull();
  });

  it('S29: a renamed group above is followed and is no move', async () => {
    const { grant } = await scene.grant(USERS.heidi, { project: PROJECTS.website });
    const id = await idOf(scene, { group: GROUPS.open });
    scene.gateway.sandbox.edit({ action: 'renameGroup', id, path: 'opened' });
    await scene.gateway.advance(LOOK_MS);
    await scene.revokeGrant(grant?.id ?? '');
    expect(await moves(scene, grant?.id ?? '')).toEqual([]);
    expect(await scene.row(USERS.heidi, { project: 'acme/opened/website' })).toBeNull();
    scene.gateway.sandbox.edit({ action: 'renameGroup', id, path: 'open' });
  });

  it.each([
    ['itself', PROJECTS.website, { project: PROJECTS.website }],
    ['by a group above', PROJECTS.styleguide, { group: GROUPS.design }],
  ] as const)(
    'S29: a project that was seen marked for deletion, %s, has gone when it is not found after that date',
    async (_how, project, marked) => {
      const { grant } = await scene.grant(USERS.heidi, { project }, SIX_DAYS);
      expect((await scene.gitlab('DELETE', urlOf(marked))).status).toBe(202);
      await scene.gateway.advance(LOOK_MS);
      expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE', problem: null });
      await scene.gateway.advance(30 * HOUR_MS);
      await scene.until('it says so', async () => (await scene.see(grant?.id ?? '')).problem !== null);
      expect(await scene.see(grant?.id ?? '')).toMatchObject({ problem: { code: 'SOURCE_UNREADABLE' } });
      await scene.gateway.advance(48 * HOUR_MS);
      await scene.until('it has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
      expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'GONE' });
    },
  );
});
