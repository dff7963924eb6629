import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, PROJECTS, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };

describe.each(['folder', 'postgres'] as const)('grants over a restart, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  it('S2: an end that came due while the gateway was down is done after the start', async () => {
    const { grant } = await scene.grant(USERS.eve, TOOLING, { duration: 'PT1H' });
    scene.gateway.sandbox.fault({ path: '/api/', kind: '503', times: 10_000 });
    await scene.gateway.advance(HOUR_MS + 60_000);
    await scene.gateway.restart();
    scene.gateway.sandbox.clearFaults();
    await scene.gateway.advance(61_000);
    await scene.until('it has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
    expect(await scene.row(USERS.eve, TOOLING)).toMatchObject({ access_level: 30 });
  });

  it('S1: a grant that was being written when the gateway stopped is completed after the start', async () => {
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'cut-before', times: 1 });
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant?.status).toBe('ACTIVATING');
    await scene.gateway.restart();
    await scene.gateway.advance(61_000);
    await scene.until('it is active', async () => (await scene.see(grant?.id ?? '')).status === 'ACTIVE');
    expect(await scene.row(USERS.niaj, TOOLING)).toMatchObject({ access_level: 40 });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });
});
