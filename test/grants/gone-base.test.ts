import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };

describe.each(STORES)('a base of somebody who is deleted, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store, settings: { outsideLowering: 'enforce' } });
  }, 120_000);
  afterAll(() => scene.close());

  it('S28: with OUTSIDE_LOWERING=enforce a grant that ends after its user was deleted is GONE, and nothing is written', async () => {
    const { grant } = await scene.grant(USERS.eve, TOOLING);
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'RAISED' });
    const { json } = await scene.gitlab('GET', `/users?username=${USERS.eve}`);
    const id = (json as { id: number }[])[0]?.id ?? 0;
    scene.gateway.sandbox.edit({ action: 'remove', what: 'user', id });
    scene.gateway.clearCalls();
    await scene.gateway.advance(2 * HOUR_MS + 1_000);
    await scene.until('it has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ endReason: 'GONE', problem: null });
    expect(scene.writes()).toEqual([]);
    expect((await scene.audit(grant?.id ?? '')).map(({ action }) => action)).toContain('GRANT_ENDED');
  });
});
