import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectEachChangeToldOnce } from './changes.ts';
import { GROUPS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const ended = (scene: Scene, id: string) =>
  scene.until('it has ended', async () => (await scene.see(id)).status === 'ENDED');
const overdueLines = (scene: Scene, id: string, part: string) =>
  scene.gateway.logged.filter((line) => line.includes('"alert":"OVERDUE"') && line.includes(id) && line.includes(part));
const inDays = (scene: Scene, days: number) =>
  new Date(scene.gateway.sandbox.clock.now() + days * 86_400_000).toISOString().slice(0, 10);

describe.each(STORES)('ends that come late or cannot go back, on the %s store', (store) => {
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

  it('S3: an end is told of once when it is a minute past due, and again when it is done', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { duration: 'PT10M' });
    scene.gateway.sandbox.fault({ path: '/api/', kind: '503', times: 10_000 });
    await scene.gateway.advance(10 * 60_000 + 1_000);
    expect(overdueLines(scene, '', '')).toHaveLength(0);
    await scene.gateway.advance(61_000);
    await scene.gateway.advance(61_000);
    expect(overdueLines(scene, '"grantId"', '')).toHaveLength(1);
    scene.gateway.sandbox.clearFaults();
    await scene.gateway.advance(61_000);
    await ended(scene, grant?.id ?? '');
    await scene.gateway.advance(1_000);
    expect(overdueLines(scene, '"cleared":true', '')).toHaveLength(1);
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('S23: where GitLab limits removals, other keys of that source wait with it and those of other sources go on', async () => {
    const here = await scene.grant(USERS.niaj, TOOLING);
    const beside = await scene.grant(USERS.heidi, TOOLING);
    const elsewhere = await scene.grant(USERS.niaj, { project: PROJECTS.website });
    await scene.gateway.advance(2_000);
    scene.gateway.sandbox.fault({
      method: 'DELETE',
      path: '/members/',
      kind: '429-app',
      retryAfterSeconds: 60,
      times: 1,
    });
    expect((await scene.revokeGrant(here.grant?.id ?? '')).verifiedAt).toBeNull();
    scene.gateway.clearCalls();
    const waits = await scene.revokeGrant(beside.grant?.id ?? '');
    expect(waits).toMatchObject({ verifiedAt: null, problem: { code: 'UPSTREAM_RATE_LIMITED' } });
    expect(scene.writes()).toEqual([]);
    expect((await scene.revokeGrant(elsewhere.grant?.id ?? '')).verifiedAt).not.toBeNull();
    await scene.gateway.advance(61_000);
    await ended(scene, here.grant?.id ?? '');
    await ended(scene, beside.grant?.id ?? '');
  });

  it('S23: a due end is done while people’s queries hold all the calls that they may have', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { duration: 'PT10M' });
    expect(grant?.status).toBe('ACTIVE');
    scene.gateway.sandbox.fault({ path: '/api/graphql', kind: 'delay', delayMs: 3_600_000, times: 1_000 });
    const queries = Object.values({ ...GROUPS }).map(async (fullPath) => {
      await scene.gateway.query('query($p: ID!) { connection(name: "sandbox") { group(fullPath: $p) { id } } }', {
        p: fullPath,
      });
    });
    const passing = scene.gateway.advance(11 * 60_000);
    await scene.until('it is gone', async () => (await scene.row(USERS.niaj, TOOLING)) === null);
    scene.gateway.sandbox.clearFaults();
    await Promise.all([passing, ...queries]);
    await ended(scene, grant?.id ?? '');
  });

  it('S30: a base whose own date has passed is not restored: the row is removed', async () => {
    const target = { group: GROUPS.payments };
    const date = inDays(scene, 2);
    const { json } = await scene.gitlab('GET', `/users?username=${USERS.sybil}`);
    const id = (json as { id: number }[])[0]?.id ?? 0;
    const path = `/groups/${encodeURIComponent(GROUPS.payments)}/members`;
    expect((await scene.gitlab('POST', path, { user_id: id, access_level: 20, expires_at: date })).status).toBe(201);
    const { grant } = await scene.grant(USERS.sybil, target, { duration: 'P4D' });
    expect(grant).toMatchObject({ effect: 'RAISED' });
    for (let days = 0; days < 5; days += 1) await scene.gateway.advance(86_400_000);
    await ended(scene, grant?.id ?? '');
    expect(await scene.row(USERS.sybil, target)).toBeNull();
  });

  it('S30: where others raised the inherited role above the base, the row is removed and the audit keeps the base', async () => {
    const { grant } = await scene.grant(USERS.eve, TOOLING);
    const { json } = await scene.gitlab('GET', `/users?username=${USERS.eve}`);
    const id = (json as { id: number }[])[0]?.id ?? 0;
    const platform = `/groups/${encodeURIComponent(GROUPS.platform)}/members`;
    const raised = await scene.gitlab('POST', platform, { user_id: id, access_level: 40 });
    expect(raised.status).toBe(201);
    scene.gateway.clearCalls();
    await scene.revokeGrant(grant?.id ?? '');
    await ended(scene, grant?.id ?? '');
    const calls = scene.gateway.sandbox.calls().filter(({ path }) => path.includes('/members'));
    // A removed base cannot be made again, so REST is asked for the rows above before, and nobody else's word is taken for it.
    const above = calls.findIndex(({ path }) => /\/groups\/\d+\/members$/.test(path));
    expect(above).toBeGreaterThan(-1);
    expect(calls.findIndex(({ method }) => method === 'DELETE')).toBeGreaterThan(above);
    expect(await scene.row(USERS.eve, TOOLING)).toBeNull();
    expect((await scene.audit(grant?.id ?? '')).map(({ action }) => action)).toContain('MEMBERSHIP_CHANGED_OUTSIDE');
    await scene.gitlab('DELETE', `${platform}/${String(id)}`);
  });

  it('S30: shadowed by our own grant above, the end waits as SHADOWED and goes to base when that one ends', async () => {
    const target = { group: GROUPS.payments };
    const low = await scene.grant(USERS.erin, target);
    const high = await scene.grant(USERS.erin, { group: GROUPS.platform });
    expect(low.grant).toMatchObject({ effect: 'RAISED' });
    await scene.revokeGrant(low.grant?.id ?? '');
    expect(await scene.see(low.grant?.id ?? '')).toMatchObject({ status: 'ENDING', problem: { code: 'SHADOWED' } });
    await scene.revokeGrant(high.grant?.id ?? '');
    await scene.gateway.advance(61_000);
    await ended(scene, low.grant?.id ?? '');
    expect(await scene.row(USERS.erin, target)).toMatchObject({ access_level: 30 });
  });
});
