import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const PAYMENTS = { group: GROUPS.payments };

describe.each(STORES)('granting access, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  const grantOf = async (...args: Parameters<Scene['grant']>) => {
    const { grant, userErrors } = await scene.grant(...args);
    if (grant === null) throw new Error(JSON.stringify(userErrors));
    return grant;
  };

  it('S4: a person without a row gets one that carries the backstop, and loses it when the time is up', async () => {
    scene.gateway.clearCalls();
    const grant = await grantOf(USERS.niaj, TOOLING);
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED', base: null, problem: null });
    const row = await scene.row(USERS.niaj, TOOLING);
    expect(row).toMatchObject({ access_level: 40, expires_at: grant.backstop });
    const dueMs = Date.parse(grant.expiresAt ?? '');
    expect(Date.parse(`${String(grant.backstop)}T00:00:00Z`)).toBeGreaterThan(dueMs);
    expect(Date.parse(`${String(grant.backstop)}T00:00:00Z`) - dueMs).toBeLessThanOrEqual(38 * HOUR_MS);
    await scene.gateway.advance(2 * HOUR_MS + 1_000);
    await scene.until('the grant has ended', async () => (await scene.see(grant.id)).status === 'ENDED');
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
    expect(await scene.see(grant.id)).toMatchObject({ endReason: 'EXPIRED', problem: null, backstop: null });
    expect(scene.writes().map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  it('S6: a Developer until a date is raised and then Developer until that same date again, by PUT alone', async () => {
    const before = await scene.row(USERS.eve, TOOLING);
    scene.gateway.clearCalls();
    const grant = await grantOf(USERS.eve, TOOLING, { duration: 'PT3S' });
    expect(grant).toMatchObject({
      effect: 'RAISED',
      base: { accessLevel: 'DEVELOPER', expiresAt: before?.expires_at },
      backstop: null,
    });
    expect(await scene.row(USERS.eve, TOOLING)).toEqual({ ...before, access_level: 40 });
    await scene.gateway.advance(4_000);
    await scene.until('the grant has ended', async () => (await scene.see(grant.id)).status === 'ENDED');
    expect(await scene.row(USERS.eve, TOOLING)).toEqual(before);
    expect(scene.writes().map(({ method }) => method)).toEqual(['PUT', 'PUT']);
  });

  it('S7: a Maintainer asked to be Maintainer is satisfied without a write, then and at the end', async () => {
    scene.gateway.clearCalls();
    const grant = await grantOf(USERS.trent, PAYMENTS);
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ALREADY_SATISFIED' });
    const { grants, verifiedAt } = await scene.revokeGrant(grant.id);
    expect(grants[0]).toMatchObject({ status: 'ENDED', endReason: 'REVOKED' });
    expect(verifiedAt).not.toBeNull();
    expect(scene.writes()).toEqual([]);
    expect(await scene.row(USERS.trent, PAYMENTS)).toMatchObject({ access_level: 40 });
  });

  it('S8: an Owner of the group above is satisfied by inheritance, with that group named and no row made', async () => {
    scene.gateway.clearCalls();
    const grant = await grantOf(USERS.alice, { project: PROJECTS.ledgerApi });
    expect(grant).toMatchObject({
      status: 'ACTIVE',
      effect: 'SATISFIED_BY_INHERITANCE',
      satisfiedBy: { fullPath: GROUPS.acme },
    });
    expect(scene.writes()).toEqual([]);
    await scene.revokeGrant(grant.id);
    expect(scene.writes()).toEqual([]);
  });

  it('S9: with a lower inherited role a row is added and removed on its own source only', async () => {
    const inherited = await scene.row(USERS.bob, { group: GROUPS.platform });
    const grant = await grantOf(USERS.bob, { project: PROJECTS.ledgerApi });
    expect(grant.effect).toBe('ADDED');
    await scene.revokeGrant(grant.id);
    expect(await scene.row(USERS.bob, { project: PROJECTS.ledgerApi })).toBeNull();
    expect(await scene.row(USERS.bob, { group: GROUPS.platform })).toEqual(inherited);
  });

  it('S9: a pending access request becomes the row of the grant, which is told and goes with it', async () => {
    const platform = { group: GROUPS.platform };
    const grant = await grantOf(USERS.judy, platform, { accessLevel: 'DEVELOPER' });
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED', base: null });
    await scene.revokeGrant(grant.id);
    expect(await scene.row(USERS.judy, platform)).toBeNull();
    const { data } = await scene.gateway.query<{ node: { history: { nodes: { summary: string }[] } } }>(
      'query Told($id: ID!) { node(id: $id) { ... on Grant { history { nodes { summary } } } } }',
      { id: grant.id },
    );
    const says = 'a pending access request was used up by it';
    expect(data.node.history.nodes.filter(({ summary }) => summary.includes(says))).toHaveLength(1);
  });

  it('S15: overlapping grants step down to the next highest and reach base with the last', async () => {
    const target = { project: PROJECTS.styleguide };
    const low = await grantOf(USERS.heidi, target, { accessLevel: 'DEVELOPER', duration: 'PT3H' });
    const high = await grantOf(USERS.heidi, target, { accessLevel: 'MAINTAINER', duration: 'PT1H' });
    expect(await scene.row(USERS.heidi, target)).toMatchObject({ access_level: 40 });
    await scene.revokeGrant(high.id);
    expect(await scene.row(USERS.heidi, target)).toMatchObject({ access_level: 30 });
    expect((await scene.see(low.id)).status).toBe('ACTIVE');
    await scene.revokeGrant(low.id);
    expect(await scene.row(USERS.heidi, target)).toBeNull();
  });

  it('S19: a duration counts from the read that verified the start; a fixed end is kept', async () => {
    const grant = await grantOf(USERS.niaj, PAYMENTS, { duration: 'PT1H' });
    const activeMs = Date.parse(grant.activatedAt ?? '');
    expect(Date.parse(grant.expiresAt ?? '')).toBe(activeMs + HOUR_MS);
    await scene.revokeGrant(grant.id);
    const { grant: past, userErrors } = await scene.grant(USERS.niaj, PAYMENTS, { expiresAt: '2020-01-01T00:00:00Z' });
    expect(past).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['expiresAt'] }]);
  });

  it('S36: every change of state has its one audit event, with who asked', async () => {
    const grant = await grantOf(USERS.niaj, TOOLING);
    await scene.revokeGrant(grant.id);
    const events = (await scene.audit(grant.id)).map(({ action }) => action);
    expect(events.filter((action) => action !== 'MEMBERSHIP_WRITE')).toEqual([
      'GRANT_REQUESTED',
      'GRANT_ACTIVATED',
      'GRANT_ENDING',
      'GRANT_ENDED',
    ]);
    expect(events.filter((action) => action === 'MEMBERSHIP_WRITE').length).toBeGreaterThanOrEqual(2);
  });

  it('S34: a grant is in force at the word of who asked, whom it names: there is no approval that could be one’s own', async () => {
    const grant = await grantOf(USERS.niaj, TOOLING);
    const { data } = await scene.gateway.query<{
      viewer: { subject: string };
      node: { requestedBy: string };
      __schema: { mutationType: { fields: { name: string }[] } };
    }>(
      `query Asked($id: ID!) { viewer { subject } node(id: $id) { ... on Grant { requestedBy } }
         __schema { mutationType { fields { name } } } }`,
      { id: grant.id },
    );
    expect(data.node.requestedBy).toBe(data.viewer.subject);
    expect(data.__schema.mutationType.fields.filter(({ name }) => /approv|decide|vote/i.test(name))).toEqual([]);
    await scene.revokeGrant(grant.id);
  });

  it('a row of the list names the grant that it exists for', async () => {
    const grant = await grantOf(USERS.niaj, TOOLING);
    const { data } = await scene.gateway.query<{
      connection: { project: { members: { nodes: { user: { username: string }; grant: { id: string } | null }[] } } };
    }>(
      `query Rows($path: ID!) { connection(name: "sandbox") { project(fullPath: $path) {
         members(kinds: [DIRECT], first: 100) { nodes { user { username } grant { id } } } } } }`,
      { path: PROJECTS.tooling },
    );
    const named = data.connection.project.members.nodes.filter((member) => member.grant !== null);
    expect(named).toEqual([{ user: { username: USERS.niaj }, grant: { id: grant.id } }]);
    await scene.revokeGrant(grant.id);
  });

  it('S18: a grant that is cancelled before its start makes no call that writes', async () => {
    scene.gateway.clearCalls();
    const startsAt = new Date(Date.now() + 10 * 24 * HOUR_MS).toISOString();
    const cancelled = await grantOf(USERS.niaj, TOOLING, { startsAt });
    expect(cancelled).toMatchObject({ status: 'SCHEDULED', effect: null });
    const { grants, verifiedAt } = await scene.revokeGrant(cancelled.id);
    expect(grants[0]).toMatchObject({ status: 'ENDED', endReason: 'CANCELLED' });
    expect(verifiedAt).toBeNull();
    expect(scene.writes()).toEqual([]);
  });
});
