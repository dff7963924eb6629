import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

describe.each(STORES)('revoking access, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  it('S11: a removal on a group leaves direct rows below it and assigned issues alone', async () => {
    const below = await scene.row(USERS.heidi, { project: PROJECTS.api });
    const { grant } = await scene.grant(USERS.heidi, { group: GROUPS.payments }, { accessLevel: 'DEVELOPER' });
    scene.gateway.clearCalls();
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.heidi, { group: GROUPS.payments })).toBeNull();
    expect(await scene.row(USERS.heidi, { project: PROJECTS.api })).toEqual(below);
    const removals = scene.writes().filter(({ method }) => method === 'DELETE');
    expect(removals.length).toBeGreaterThan(0);
    for (const { query } of removals) {
      expect(Object.fromEntries(new URLSearchParams(query))).toMatchObject({
        skip_subresources: 'true',
        unassign_issuables: 'false',
      });
    }
  });

  it('S10: what a shared path still gives after the end is in the answer', async () => {
    const target = { project: PROJECTS.api };
    const { grant } = await scene.grant(USERS.bob, target);
    const { remaining, verifiedAt } = await scene.revokeGrant(grant?.id ?? '');
    expect(verifiedAt).not.toBeNull();
    expect(remaining).toMatchObject({ accessLevel: 'DEVELOPER', paths: [{ kind: 'INHERITED' }] });
  });

  it('S38: any direct membership is taken for good, and grants at the key end with it', async () => {
    const target = { group: GROUPS.payments };
    const { grant } = await scene.grant(USERS.erin, target);
    expect(grant?.effect).toBe('RAISED');
    const revoked = await scene.revokeMembership(USERS.erin, target);
    expect(revoked.userErrors).toEqual([]);
    expect(revoked.verifiedAt).not.toBeNull();
    expect(revoked.revocation?.verifiedAt).toBe(revoked.verifiedAt);
    expect(revoked.revocation?.removed).not.toBeNull();
    expect(revoked.grants).toMatchObject([{ id: grant?.id, status: 'ENDED', endReason: 'REVOKED' }]);
    expect(await scene.row(USERS.erin, target)).toBeNull();
    const next = await scene.grant(USERS.erin, target, { accessLevel: 'REPORTER' });
    expect(next.grant).toMatchObject({ effect: 'ADDED', base: null });
    await scene.revokeGrant(next.grant?.id ?? '');
  });

  it('S38: the last Owner of a group is refused before anything is stored', async () => {
    const target = { group: GROUPS.library };
    const { data } = await scene.gateway.query<{ testConnection: unknown }>('{ viewer { subject } }');
    expect(data).not.toBeNull();
    const admin = await scene.gateway.connect({ name: 'admin', token: scene.gateway.sandbox.tokens.admin });
    const answer = await scene.gateway.query<{
      revokeAccess: { revocation: unknown; userErrors: { code: string }[] };
    }>(
      `mutation Last($c: ID!, $t: TargetRef!) { revokeAccess(input: { reason: "leaver",
         access: { membership: { connectionId: $c, user: { username: "carl" }, target: $t } } }) {
         revocation { id } userErrors { code } } }`,
      { c: admin, t: target },
    );
    expect(answer.data.revokeAccess).toEqual({
      revocation: null,
      userErrors: [expect.objectContaining({ code: 'LAST_OWNER' })],
    });
    expect(await scene.row(USERS.carl, target)).toMatchObject({ access_level: 50 });
  });

  it('S41: what the gateway acts as, token bots and namespace holders are never touched', async () => {
    const refusedFor = async (user: string, target: { group: string } | { project: string }) =>
      (await scene.revokeMembership(user, target)).userErrors.map(({ code }) => code);
    expect(await refusedFor(USERS.gatehouse, { group: GROUPS.acme })).toEqual(['USER_NOT_MANAGEABLE']);
    expect(await refusedFor(USERS.apiBot, { project: PROJECTS.api })).toEqual(['USER_NOT_MANAGEABLE']);
    const { grant, userErrors } = await scene.grant(USERS.gatehouse, { project: PROJECTS.api });
    expect(grant).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'USER_NOT_MANAGEABLE', field: ['user'] }]);
  });

  it('S42: a removal that races a change of the row is planned again', async () => {
    const target = { project: PROJECTS.tooling };
    const { grant } = await scene.grant(USERS.niaj, target);
    scene.gateway.clearCalls();
    scene.gateway.sandbox.fault({
      method: 'DELETE',
      path: '/members/',
      kind: 'status',
      status: 412,
      body: { message: '412 Precondition Failed' },
      times: 1,
    });
    const { verifiedAt } = await scene.revokeGrant(grant?.id ?? '');
    expect(verifiedAt).not.toBeNull();
    expect(await scene.row(USERS.niaj, target)).toBeNull();
  });

  it('revoking what has ended is ALREADY_ENDED, and a grant that does not exist NOT_FOUND', async () => {
    const { grant } = await scene.grant(USERS.niaj, { project: PROJECTS.tooling });
    await scene.revokeGrant(grant?.id ?? '');
    expect((await scene.revokeGrant(grant?.id ?? '')).userErrors).toMatchObject([{ code: 'ALREADY_ENDED' }]);
    const unknown = Buffer.from('Grant:999999').toString('base64url');
    expect((await scene.revokeGrant(unknown)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('S29: abandon ends a grant that cannot be proven, and says so', async () => {
    const { grant } = await scene.grant(USERS.niaj, { project: PROJECTS.tooling });
    const { grants, verifiedAt } = await scene.revokeGrant(grant?.id ?? '', { abandon: true });
    expect(grants).toMatchObject([{ status: 'ENDED', endReason: 'ABANDONED' }]);
    expect(grants[0]?.verifiedAt).toBe(grant?.verifiedAt);
    expect(verifiedAt).toBeNull();
    expect(await scene.row(USERS.niaj, { project: PROJECTS.tooling })).toMatchObject({ access_level: 40 });
    await scene.revokeMembership(USERS.niaj, { project: PROJECTS.tooling });
  });

  it('S17: an extension moves the end and the backstop, once, and never past the longest duration', async () => {
    const target = { project: PROJECTS.tooling };
    const { grant } = await scene.grant(USERS.niaj, target);
    const id = grant?.id ?? '';
    expect(grant).toMatchObject({ effect: 'ADDED', status: 'ACTIVE' });
    const longer = await scene.extend(id, { duration: 'P2D' });
    expect(longer.userErrors).toEqual([]);
    expect(Date.parse(longer.grant?.expiresAt ?? '') - Date.parse(grant?.expiresAt ?? '')).toBe(48 * HOUR_MS);
    expect(longer.grant?.backstop).not.toBe(grant?.backstop);
    expect(await scene.row(USERS.niaj, target)).toMatchObject({ expires_at: longer.grant?.backstop });
    expect((await scene.extend(id, { duration: 'P30D' })).userErrors).toMatchObject([{ code: 'DURATION_NOT_ALLOWED' }]);
    await scene.revokeGrant(id);
    expect((await scene.extend(id, { duration: 'PT1H' })).userErrors).toMatchObject([{ code: 'ALREADY_ENDED' }]);
  });
});
