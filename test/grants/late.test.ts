import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLL_MS, expectEachChangeToldOnce } from './changes.ts';
import { HOUR_MS, PROJECTS, USERS, startScene } from './scene.ts';
import type { Granted, Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const DAY_MS = 24 * HOUR_MS;

/** A grant whose one write is held by GitLab, the gateway ending meanwhile: revoked after the start, when nothing of it shows. */
async function revokedWhileHeld(scene: Scene, user: string, method: 'POST' | 'PUT'): Promise<string> {
  scene.gateway.sandbox.fault({ method, path: '/members', kind: 'delay', delayMs: 24 * HOUR_MS });
  const { grant }: Granted = await scene.grant(user, TOOLING);
  expect(grant).toMatchObject({ status: 'ACTIVATING', activatedAt: null });
  await scene.gateway.restart();
  await scene.gateway.advance(60_000);
  await scene.revokeGrant(grant?.id ?? '');
  await scene.until('it has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
  return grant?.id ?? '';
}

describe.each(['folder', 'postgres'] as const)(
  'writes that land after their key was closed, on the %s store',
  (store) => {
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

    it('S1: a row that was being added when the gateway died, and lands after its grant has ended, is taken away', async () => {
      const grantId = await revokedWhileHeld(scene, USERS.niaj, 'POST');
      expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
      scene.gateway.sandbox.clearFaults();
      await scene.until('it lands', async () => (await scene.row(USERS.niaj, TOOLING)) !== null);
      await scene.gateway.advance(POLL_MS);
      await scene.until('it is gone again', async () => (await scene.row(USERS.niaj, TOOLING)) === null);
      expect((await scene.audit(grantId)).map(({ action }) => action)).toContain('MEMBERSHIP_CHANGED_OUTSIDE');
      // Past the backstop that the row would carry, GitLab itself would not make it any more.
      await scene.gateway.advance(5 * DAY_MS);
      scene.gateway.clearCalls();
      await scene.gateway.advance(POLL_MS);
      expect(scene.gateway.calls()).toBe(0);
    });

    it('S1: a raise that lands so is put back, and an hour later the same raise is left to who made it', async () => {
      await revokedWhileHeld(scene, USERS.eve, 'PUT');
      scene.gateway.sandbox.clearFaults();
      await scene.until('it lands', async () => (await scene.row(USERS.eve, TOOLING))?.access_level === 40);
      await scene.gateway.advance(POLL_MS);
      await scene.until('it is back', async () => (await scene.row(USERS.eve, TOOLING))?.access_level === 30);
      await scene.gateway.advance(HOUR_MS);
      const { id = 0 } = (await scene.row(USERS.eve, TOOLING)) ?? {};
      const member = `/projects/${encodeURIComponent(PROJECTS.tooling)}/members/${String(id)}`;
      expect((await scene.gitlab('PUT', member, { access_level: 40 })).status).toBe(200);
      await scene.gateway.advance(2 * DAY_MS);
      expect(await scene.row(USERS.eve, TOOLING)).toMatchObject({ access_level: 40 });
      await scene.gitlab('PUT', member, { access_level: 30 });
    });

    it('S1: a raise that lands so is put back also where nobody could look for hours after', async () => {
      await revokedWhileHeld(scene, USERS.eve, 'PUT');
      scene.gateway.sandbox.clearFaults();
      await scene.until('it lands', async () => (await scene.row(USERS.eve, TOOLING))?.access_level === 40);
      await scene.gateway.advance(5 * HOUR_MS);
      await scene.until('it is back', async () => (await scene.row(USERS.eve, TOOLING))?.access_level === 30);
    });

    it('S1: what may still land is not the base of the next grant', async () => {
      await revokedWhileHeld(scene, USERS.heidi, 'POST');
      scene.gateway.sandbox.clearFaults();
      await scene.until('it lands', async () => (await scene.row(USERS.heidi, TOOLING)) !== null);
      const { grant } = await scene.grant(USERS.heidi, TOOLING, { accessLevel: 'OWNER' });
      expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED', base: null });
      await scene.revokeGrant(grant?.id ?? '');
      expect(await scene.row(USERS.heidi, TOOLING)).toBeNull();
    });
  },
);
