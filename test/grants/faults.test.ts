import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };

describe.each(STORES)('grants while GitLab or we fail, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  const ended = (id: string) =>
    scene.until('the grant has ended', async () => (await scene.see(id)).status === 'ENDED');
  /** Lets the pause before the next try pass. */
  const nextTry = () => scene.gateway.advance(61_000);

  it('S1: a POST whose answer is lost is found by the read and not sent twice', async () => {
    scene.gateway.clearCalls();
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'cut-after', times: 1 });
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED' });
    expect(scene.writes().filter(({ method }) => method === 'POST')).toHaveLength(1);
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('S1: a POST that never arrived leaves the grant ACTIVATING with its problem, and is sent again after a pause', async () => {
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'cut-before', times: 1 });
    const { grant, userErrors } = await scene.grant(USERS.niaj, TOOLING);
    expect(userErrors).toEqual([]);
    expect(grant).toMatchObject({ status: 'ACTIVATING', problem: { code: 'UPSTREAM_UNAVAILABLE' }, expiresAt: null });
    await nextTry();
    await scene.until('it is active', async () => (await scene.see(grant?.id ?? '')).status === 'ACTIVE');
    expect(await scene.see(grant?.id ?? '')).toMatchObject({ problem: null });
    await scene.revokeGrant(grant?.id ?? '');
  });

  it('S2: a DELETE whose answer is lost ends the grant once a read shows no row', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    await scene.gateway.advance(2_000);
    scene.gateway.clearCalls();
    scene.gateway.sandbox.fault({ method: 'DELETE', path: '/members/', kind: 'cut-after', times: 1 });
    const { verifiedAt } = await scene.revokeGrant(grant?.id ?? '');
    expect(verifiedAt).not.toBeNull();
    expect(scene.writes().filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('a 204 that removed nothing proves nothing: the removal is repeated until a read shows no row', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    await scene.gateway.advance(2_000);
    scene.gateway.sandbox.fault({ method: 'DELETE', path: '/members/', kind: 'no-effect-204', times: 1 });
    const { verifiedAt } = await scene.revokeGrant(grant?.id ?? '');
    expect(verifiedAt).not.toBeNull();
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('GitLab down at the due time: the end is OVERDUE, retried, and done when GitLab is back', async () => {
    const { grant } = await scene.grant(USERS.eve, TOOLING, { duration: 'PT10M' });
    const id = grant?.id ?? '';
    scene.gateway.sandbox.fault({ path: '/api/', kind: '503', times: 1_000 });
    await scene.gateway.advance(10 * 60_000 + 1_000);
    await scene.until('it is overdue', async () => (await scene.see(id)).problem?.code === 'OVERDUE');
    expect(await scene.see(id)).toMatchObject({ status: 'ENDING', endReason: null });
    const { data } = await scene.gateway.query<{ grants: { nodes: { id: string }[] } }>(
      '{ grants(filter: { overdue: true }) { nodes { id } } }',
    );
    expect(data.grants.nodes).toEqual([{ id }]);
    scene.gateway.sandbox.clearFaults();
    await nextTry();
    await ended(id);
    expect(await scene.row(USERS.eve, TOOLING)).toMatchObject({ access_level: 30 });
  });

  it('a revoke that GitLab limits waits as long as GitLab says, and says so', async () => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    await scene.gateway.advance(2_000);
    scene.gateway.sandbox.fault({
      method: 'DELETE',
      path: '/members/',
      kind: '429-app',
      retryAfterSeconds: 60,
      times: 1,
    });
    const { verifiedAt, problem } = await scene.revokeGrant(grant?.id ?? '');
    expect(verifiedAt).toBeNull();
    expect(problem?.code).toBe('UPSTREAM_RATE_LIMITED');
    await nextTry();
    await ended(grant?.id ?? '');
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('a grant that GitLab refuses has FAILED, holds nothing there, and the answer says why', async () => {
    const refuse = { method: 'POST', path: '/members', kind: 'status', status: 400, times: 1 } as const;
    scene.gateway.sandbox.fault({
      ...refuse,
      body: {
        message: 'There are not enough available seats to invite this many users.',
        status: 'error',
        reason: 'seat_limit_exceeded_error',
      },
    });
    const { grant, userErrors } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant).toMatchObject({ status: 'FAILED', problem: { code: 'UPSTREAM_REFUSED' } });
    expect(userErrors).toMatchObject([{ code: 'SEAT_LIMIT' }]);
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('a locked project is TARGET_LOCKED with the problem SOURCE_LOCKED', async () => {
    const { status } = await scene.gitlab('GET', `/groups/${encodeURIComponent(GROUPS.platform)}`);
    expect(status).toBe(200);
    const lock = { message: '405 Method Not Allowed' };
    scene.gateway.sandbox.fault({
      method: 'POST',
      path: '/members',
      kind: 'status',
      status: 405,
      body: lock,
      times: 1,
    });
    const { grant, userErrors } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant).toMatchObject({ status: 'FAILED', problem: { code: 'SOURCE_LOCKED' } });
    expect(userErrors).toMatchObject([{ code: 'TARGET_LOCKED' }]);
  });

  it('a change that GitLab queues is PENDING_UPSTREAM and its clock does not start', async () => {
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'queued-202', times: 1 });
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant).toMatchObject({ status: 'ACTIVATING', activatedAt: null, problem: { code: 'PENDING_UPSTREAM' } });
    await scene.revokeGrant(grant?.id ?? '');
    expect((await scene.see(grant?.id ?? '')).status).toBe('ENDED');
  });

  it('GitLab down while it is asked for: nothing is stored, and the error says which', async () => {
    scene.gateway.sandbox.fault({ path: '/api/', kind: '503', times: 1_000 });
    const { errors, data } = await scene.gateway.query<{ grantAccess: unknown } | null>(
      `mutation Down($c: ID!) { grantAccess(input: { connectionId: $c, user: { username: "niaj" }, reason: "x",
         target: { project: "${PROJECTS.tooling}" }, accessLevel: DEVELOPER, duration: "PT1H" }) { grant { id } } }`,
      { c: scene.connectionId },
    );
    scene.gateway.sandbox.clearFaults();
    expect(data).toBeNull();
    expect(errors[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    const open = await scene.gateway.query<{ grants: { totalCount: number } }>(
      '{ grants(filter: { username: "niaj", statuses: [ACTIVATING, ACTIVE, ENDING] }) { totalCount } }',
    );
    expect(open.data.grants.totalCount).toBe(0);
  });

  it('S42: a row that a person adds while we add is the new base', async () => {
    const target = { project: PROJECTS.website };
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'delay', delayMs: 400, times: 1 });
    const granting = scene.grant(USERS.niaj, target, { accessLevel: 'DEVELOPER' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const { json } = await scene.gitlab('GET', `/users?username=${USERS.niaj}`);
    const [user] = json as { id: number }[];
    const path = `/projects/${encodeURIComponent(PROJECTS.website)}/members`;
    await scene.gitlab('POST', path, { user_id: user?.id, access_level: 20 });
    const { grant } = await granting;
    expect(grant?.status).toBe('ACTIVE');
    expect(await scene.row(USERS.niaj, target)).toMatchObject({ access_level: 30 });
    await scene.revokeGrant(grant?.id ?? '');
    expect((await scene.row(USERS.niaj, target))?.access_level ?? 0).toBeLessThanOrEqual(20);
    await scene.revokeMembership(USERS.niaj, target);
  });

  it('S19: a grant that cannot become active in time is given up and GitLab holds nothing of it', async () => {
    scene.gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'cut-before', times: 100 });
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { duration: 'PT5H' });
    expect(grant?.status).toBe('ACTIVATING');
    await scene.gateway.advance(HOUR_MS + 1_000);
    await scene.until('it is given up', async () =>
      ['ENDED', 'FAILED'].includes((await scene.see(grant?.id ?? '')).status),
    );
    scene.gateway.sandbox.clearFaults();
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });
});
