import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const TOOLING = { project: PROJECTS.tooling };
const DAY_MS = 24 * HOUR_MS;

describe.each(STORES)('who may be granted what, and when that is checked, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  const idOf = async (path: string): Promise<number> => ((await scene.gitlab('GET', path)).json as { id: number }).id;
  const groupId = (path: string) => idOf(`/groups/${encodeURIComponent(path)}`);
  const userId = async (username: string) =>
    ((await scene.gitlab('GET', `/users?username=${username}`)).json as { id: number }[])[0]?.id ?? 0;
  const codes = (answer: { userErrors: { code: string }[] }) => answer.userErrors.map(({ code }) => code);
  const settled = (id: string, status: string) =>
    scene.until(`the grant is ${status}`, async () => (await scene.see(id)).status === status);
  const setUserState = async (username: string, state: 'active' | 'blocked') =>
    scene.gateway.sandbox.edit({ action: 'setUser', id: await userId(username), set: { state } });

  it('S14: an Owner grant on a group without another Owner is refused LAST_OWNER, and nothing is stored', async () => {
    const made = await scene.gitlab('POST', '/groups', { name: 'Lone', path: 'lone' });
    expect(made.status).toBe(201);
    const group = { group: 'lone' };
    const owner = await userId(USERS.gatehouse);
    await scene.gitlab('POST', '/groups/lone/members', { user_id: owner, access_level: 50 });
    const row = { sourceKind: 'Group', sourceId: await groupId('lone'), userId: await userId(USERS.root) } as const;
    scene.gateway.sandbox.edit({ action: 'removeMember', ...row });
    scene.gateway.clearCalls();
    const refused = await scene.grant(USERS.niaj, group, { accessLevel: 'OWNER' });
    expect(refused.grant).toBeNull();
    expect(refused.userErrors).toMatchObject([{ code: 'LAST_OWNER', field: ['accessLevel'] }]);
    expect(scene.writes()).toEqual([]);
    const lesser = await scene.grant(USERS.niaj, group, { accessLevel: 'MAINTAINER' });
    expect(lesser.grant?.status).toBe('ACTIVE');
    await scene.revokeGrant(lesser.grant?.id ?? '');
  });

  it('S14: an end that would leave no Owner waits as LAST_OWNER without a write, and is done once another appears', async () => {
    const group = { group: GROUPS.library };
    const gatehouse = await userId(USERS.gatehouse);
    await scene.gitlab('POST', '/groups/library/members', { user_id: gatehouse, access_level: 50 });
    const { grant, userErrors } = await scene.grant(USERS.niaj, group, { accessLevel: 'OWNER' });
    expect(userErrors).toEqual([]);
    const id = grant?.id ?? '';
    const carl = await userId(USERS.carl);
    await scene.gitlab('PUT', `/groups/library/members/${String(carl)}`, { access_level: 40 });
    scene.gateway.clearCalls();
    await scene.gateway.advance(2 * HOUR_MS + 1_000);
    await scene.until('it is held up', async () => (await scene.see(id)).problem?.code === 'LAST_OWNER');
    expect(await scene.see(id)).toMatchObject({ status: 'ENDING' });
    expect(scene.writes()).toEqual([]);
    expect(await scene.row(USERS.niaj, group)).toMatchObject({ access_level: 50 });
    await scene.gitlab('PUT', `/groups/library/members/${String(carl)}`, { access_level: 50 });
    await scene.gateway.advance(61_000);
    await settled(id, 'ENDED');
    expect(await scene.see(id)).toMatchObject({ problem: null, endReason: 'EXPIRED' });
    expect(await scene.row(USERS.niaj, group)).toBeNull();
  });

  it('S32: a group with LDAP or SAML links, and a project below a membership lock, are TARGET_LOCKED before a write', async () => {
    scene.gateway.clearCalls();
    expect(codes(await scene.grant(USERS.niaj, { group: GROUPS.legal }))).toEqual(['TARGET_LOCKED']);
    const design = await groupId(GROUPS.design);
    const samlLinks = [{ name: 'designers', accessLevel: 30 }];
    scene.gateway.sandbox.edit({ action: 'setGroup', id: design, set: { samlLinks } });
    expect(codes(await scene.grant(USERS.niaj, { group: GROUPS.design }))).toEqual(['TARGET_LOCKED']);
    scene.gateway.sandbox.edit({ action: 'setGroup', id: design, set: { samlLinks: [], membershipLock: true } });
    const locked = await scene.grant(USERS.niaj, { project: PROJECTS.styleguide });
    expect(locked.userErrors).toMatchObject([{ code: 'TARGET_LOCKED', field: ['target'] }]);
    expect(locked.userErrors[0]?.message).toContain('membership lock');
    scene.gateway.sandbox.edit({ action: 'setGroup', id: design, set: { membershipLock: false } });
    expect(scene.writes()).toEqual([]);
  });

  it('S32: a lock that shows only in the write is SOURCE_LOCKED; an end waits behind it until it is taken off', async () => {
    scene.gateway.sandbox.settings({ ldapMembershipLock: true });
    const refused = await scene.grant(USERS.niaj, { group: GROUPS.payments });
    expect(refused.grant).toMatchObject({ status: 'FAILED', problem: { code: 'SOURCE_LOCKED' } });
    expect(codes(refused)).toEqual(['TARGET_LOCKED']);
    scene.gateway.sandbox.settings({ ldapMembershipLock: false });
    const { grant } = await scene.grant(USERS.niaj, { group: GROUPS.payments }, { duration: 'PT10M' });
    const id = grant?.id ?? '';
    scene.gateway.sandbox.settings({ ldapMembershipLock: true });
    await scene.gateway.advance(10 * 60_000 + 1_000);
    await scene.until('it is held up', async () => (await scene.see(id)).problem?.code === 'SOURCE_LOCKED');
    scene.gateway.sandbox.settings({ ldapMembershipLock: false });
    await scene.gateway.advance(61_000);
    await settled(id, 'ENDED');
    expect(await scene.row(USERS.niaj, { group: GROUPS.payments })).toBeNull();
  });

  it('S43: on a top-level group with SAML no row is added, a standing one may be raised, and groups below are free', async () => {
    const acme = await groupId(GROUPS.acme);
    scene.gateway.sandbox.edit({ action: 'setGroup', id: acme, set: { saml: { enabled: true, enforced: false } } });
    const refused = await scene.grant(USERS.niaj, { group: GROUPS.acme }, { accessLevel: 'DEVELOPER' });
    expect(refused.userErrors).toMatchObject([{ code: 'TARGET_LOCKED', field: ['target'] }]);
    expect(refused.userErrors[0]?.message).toContain('SAML');
    const raised = await scene.grant(USERS.frank, { group: GROUPS.acme }, { accessLevel: 'DEVELOPER' });
    expect(raised.grant).toMatchObject({ status: 'ACTIVE', effect: 'RAISED' });
    await scene.revokeGrant(raised.grant?.id ?? '');
    expect(await scene.row(USERS.frank, { group: GROUPS.acme })).toMatchObject({ access_level: 5 });
    const below = await scene.grant(USERS.niaj, { group: GROUPS.payments }, { accessLevel: 'DEVELOPER' });
    expect(below.grant?.status).toBe('ACTIVE');
    await scene.revokeGrant(below.grant?.id ?? '');
    scene.gateway.sandbox.edit({ action: 'setGroup', id: acme, set: { saml: null } });
  });

  it('S20: a scheduled grant whose user was blocked meanwhile fails at its start, without a write', async () => {
    const startsAt = new Date(scene.gateway.sandbox.clock.now() + 2 * DAY_MS).toISOString();
    const { grant } = await scene.grant(USERS.niaj, TOOLING, { startsAt });
    const fine = await scene.grant(USERS.heidi, TOOLING, { startsAt });
    await setUserState(USERS.niaj, 'blocked');
    scene.gateway.clearCalls();
    await scene.gateway.advance(2 * DAY_MS + 1_000);
    await settled(grant?.id ?? '', 'FAILED');
    expect((await scene.see(grant?.id ?? '')).problem?.message).toContain('blocked');
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
    await settled(fine.grant?.id ?? '', 'ACTIVE');
    await scene.revokeGrant(fine.grant?.id ?? '');
    await setUserState(USERS.niaj, 'active');
  });

  it('S20: a scheduled grant on a group that was linked to LDAP meanwhile fails at its start as SOURCE_LOCKED', async () => {
    const startsAt = new Date(scene.gateway.sandbox.clock.now() + DAY_MS).toISOString();
    const { grant } = await scene.grant(USERS.niaj, { group: GROUPS.open }, { startsAt });
    const id = await groupId(GROUPS.open);
    const ldapLinks = [{ cn: 'open', groupAccess: 30, provider: 'ldapmain' }];
    scene.gateway.sandbox.edit({ action: 'setGroup', id, set: { ldapLinks } });
    await scene.gateway.advance(DAY_MS + 1_000);
    await settled(grant?.id ?? '', 'FAILED');
    expect((await scene.see(grant?.id ?? '')).problem?.code).toBe('SOURCE_LOCKED');
    scene.gateway.sandbox.edit({ action: 'setGroup', id, set: { ldapLinks: [] } });
  });

  it('S20: an extension for somebody who was blocked, or where memberships were locked, is refused and the end stays', async () => {
    const { grant } = await scene.grant(USERS.niaj, { group: GROUPS.open });
    const id = grant?.id ?? '';
    const open = await groupId(GROUPS.open);
    const ldapLinks = [{ cn: 'open', groupAccess: 30, provider: 'ldapmain' }];
    scene.gateway.sandbox.edit({ action: 'setGroup', id: open, set: { ldapLinks } });
    expect(codes(await scene.extend(id, { duration: 'PT1H' }))).toEqual(['TARGET_LOCKED']);
    scene.gateway.sandbox.edit({ action: 'setGroup', id: open, set: { ldapLinks: [] } });
    expect((await scene.see(id)).expiresAt).toBe(grant?.expiresAt);
    expect(codes(await scene.extend(id, { duration: 'PT1H' }))).toEqual([]);
    await scene.revokeGrant(id);
  });
});

describe.each(STORES)('with SSO_ROOT=allow, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store, settings: { ssoRoot: 'allow' } });
  }, 120_000);
  afterAll(() => scene.close());

  it('S43: a row is added on a top-level group with SAML too, and removed at the end', async () => {
    const target = { group: GROUPS.acme };
    const id = ((await scene.gitlab('GET', `/groups/${GROUPS.acme}`)).json as { id: number }).id;
    scene.gateway.sandbox.edit({ action: 'setGroup', id, set: { saml: { enabled: true, enforced: false } } });
    const { grant } = await scene.grant(USERS.niaj, target, { accessLevel: 'DEVELOPER' });
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED' });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.niaj, target)).toBeNull();
  });
});
