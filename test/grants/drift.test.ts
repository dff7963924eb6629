import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLL_MS } from './changes.ts';
import { HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const WEBSITE = { project: PROJECTS.website };
const members = (path: string) => `/projects/${encodeURIComponent(path)}/members`;
const names = Array.from({ length: 50 }, (_, index) => `drift-${String(index)}`);

describe.each(STORES)('polls of grants in force, on the %s store', (store) => {
  let scene: Scene;
  const grantIds = new Map<string, string>();

  beforeAll(async () => {
    scene = await startScene({ store });
    for (const username of names) {
      const email = `${username}@example.com`;
      await scene.gitlab('POST', '/users', { username, name: username, email, force_random_password: true });
      const { grant } = await scene.grant(username, TOOLING, { accessLevel: 'DEVELOPER', duration: 'P3D' });
      if (grant?.status !== 'ACTIVE') throw new Error(`${username} has no grant: ${JSON.stringify(grant)}`);
      grantIds.set(username, grant.id);
    }
    // What follows an activation up is over then, and the polls, which began apart, are together.
    await scene.gateway.advance(POLL_MS);
    await scene.gateway.advance(POLL_MS);
  }, 300_000);
  afterAll(() => scene.close());

  const seen = (username: string) => scene.see(grantIds.get(username) ?? '');
  async function callsOfAPoll(): Promise<string[]> {
    scene.gateway.clearCalls();
    await scene.gateway.advance(POLL_MS);
    return scene.gateway.sandbox.calls().map(({ method, path }) => `${method} ${path}`);
  }

  it('50 grants at one project are one call of GitLab, and all are verified by it', async () => {
    const before = await seen('drift-0');
    expect(await callsOfAPoll()).toHaveLength(1);
    for (const username of ['drift-0', 'drift-49']) {
      const after = await seen(username);
      expect(after).toMatchObject({ status: 'ACTIVE', problem: null });
      expect(Date.parse(after.verifiedAt ?? '')).toBeGreaterThan(Date.parse(before.verifiedAt ?? ''));
    }
  });

  it('S12: a row that somebody changed is found among them, and only that one is looked at by itself', async () => {
    const row = await scene.row('drift-7', TOOLING);
    await scene.gitlab('PUT', `${members(PROJECTS.tooling)}/${String(row?.id ?? '')}`, { access_level: 40 });
    const calls = (await callsOfAPoll()).filter((call) => call.includes('/members'));
    expect(await scene.row('drift-7', TOOLING)).toMatchObject({ access_level: 30 });
    // All rows; the one that differs; its change; its proof.
    expect(calls).toHaveLength(4);
  });

  it('S27: somebody who was blocked is found among them', async () => {
    const row = await scene.row('drift-8', TOOLING);
    await scene.gitlab('POST', `/users/${String(row?.id ?? '')}/block`);
    await callsOfAPoll();
    await scene.until('it has ended', async () => (await seen('drift-8')).status === 'ENDED');
    expect(await seen('drift-8')).toMatchObject({ endReason: 'USER_INACTIVE' });
    expect(await scene.row('drift-8', TOOLING)).toBeNull();
  });

  it('what GitLab cannot tell just now is polled again a minute later, and nothing is told of it', async () => {
    scene.gateway.sandbox.fault({ path: '/members', kind: '503', times: 100 });
    await callsOfAPoll();
    scene.gateway.sandbox.clearFaults();
    expect(await seen('drift-0')).toMatchObject({ status: 'ACTIVE', problem: null });
    const row = await scene.row('drift-9', TOOLING);
    await scene.gitlab('DELETE', `${members(PROJECTS.tooling)}/${String(row?.id ?? '')}`);
    await scene.gateway.advance(61_000);
    await scene.until('it has ended', async () => (await seen('drift-9')).status === 'ENDED');
    expect(await seen('drift-9')).toMatchObject({ endReason: 'OUTSIDE_CHANGE' });
  });

  it('a grant that ends before the next poll ends on time', async () => {
    const { grant } = await scene.grant(USERS.niaj, WEBSITE, { duration: 'PT7M' });
    await scene.gateway.advance(POLL_MS);
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ status: 'ACTIVE' });
    await scene.gateway.advance(2 * 60_000);
    await scene.until('it has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
    expect(await scene.row(USERS.niaj, WEBSITE)).toBeNull();
  });

  it('now and then each key gets a look of its own, for what its row does not tell', async () => {
    scene.gateway.clearCalls();
    await scene.gateway.advance(12 * HOUR_MS);
    const own = scene.gateway.sandbox.calls().filter(({ path }) => path.endsWith('/members'));
    expect(own.length).toBeGreaterThan(40);
  });
});
