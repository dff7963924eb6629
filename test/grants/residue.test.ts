import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, HOUR_MS, PROJECTS, STORES, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const MINUTE_MS = 60_000;
const TOOLING = { project: PROJECTS.tooling };
const API = `/projects/${encodeURIComponent(PROJECTS.tooling)}`;

type Seen = {
  inForceAt: string | null;
  residue: {
    complete: boolean;
    unread: string[];
    remainingAccessLevel: string | null;
    remainingPaths: string[];
    items: { kind: string; name: string; createdBy: string | null; sourcePath: string }[];
  } | null;
  history: { nodes: { action: string; summary: string }[] };
};

describe.each(STORES)('what follows a grant, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  const see = async (id: string): Promise<Seen> => {
    const { data, errors } = await scene.gateway.query<{ node: Seen }>(
      `query See($id: ID!) { node(id: $id) { ... on Grant { inForceAt history { nodes { action summary } }
         residue { complete unread remainingAccessLevel remainingPaths items { kind name createdBy sourcePath } } } } }`,
      { id },
    );
    expect(errors).toEqual([]);
    return data.node;
  };
  const userId = async (username: string) =>
    ((await scene.gitlab('GET', `/users?username=${username}`)).json as { id: number }[])[0]?.id ?? 0;
  /** Asks as somebody else than the administrator. */
  const as = async (token: string, path: string, body: object) => {
    const response = await fetch(`${scene.gateway.sandbox.url}/api/v4${path}`, {
      method: 'POST',
      headers: { 'private-token': token, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
  };
  /** Follow-ups are made by the sweep. */
  const followed = (what: string, so: () => Promise<boolean>) =>
    scene.until(what, async () => {
      await scene.gateway.advance(0);
      return so();
    });
  const residueOf = async (id: string) => {
    await followed('what outlives it was read', async () => (await see(id)).residue !== null);
    return (await see(id)).residue;
  };

  it('S40: a project grant is in force once the authorisations show the person, and its end is noted when they do not', async () => {
    scene.gateway.sandbox.settings({ authorizationDelayMs: 60_000 });
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    const id = grant?.id ?? '';
    await scene.gateway.advance(3_000);
    expect((await see(id)).inForceAt).toBeNull();
    await scene.gateway.advance(MINUTE_MS);
    await followed('it is in force', async () => (await see(id)).inForceAt !== null);
    await scene.revokeGrant(id);
    await residueOf(id);
    await scene.gateway.advance(2 * MINUTE_MS);
    const gone = async () =>
      (await see(id)).history.nodes.some(({ summary }) => summary.includes('no longer in force'));
    await followed('it is out of force', gone);
    scene.gateway.sandbox.settings({ authorizationDelayMs: 0 });
  });

  it('S40: access that does not follow the row within ten minutes raises an alert, once', async () => {
    scene.gateway.sandbox.settings({ authorizationDelayMs: 5 * HOUR_MS });
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    await scene.gateway.advance(11 * MINUTE_MS);
    const alerts = () => scene.gateway.logged.filter((line) => line.includes('NOT_IN_FORCE')).length;
    await followed('it was told', () => Promise.resolve(alerts() > 0));
    await scene.gateway.advance(2 * MINUTE_MS);
    expect(alerts()).toBe(1);
    expect((await see(grant?.id ?? '')).inForceAt).toBeNull();
    scene.gateway.sandbox.settings({ authorizationDelayMs: 0 });
    await scene.revokeGrant(grant?.id ?? '');
  });

  it('S40: where another path gave access before, it is not told when the row came into force', async () => {
    const { grant } = await scene.grant(USERS.bob, TOOLING);
    await scene.gateway.advance(10_000);
    expect((await see(grant?.id ?? '')).inForceAt).toBeNull();
    await scene.revokeGrant(grant?.id ?? '');
  });

  it('S10, S16: the role that other paths still give is told after the end, with the paths', async () => {
    const { grant } = await scene.grant(USERS.bob, TOOLING);
    expect((await see(grant?.id ?? '')).residue).toBeNull();
    await scene.revokeGrant(grant?.id ?? '');
    const residue = await residueOf(grant?.id ?? '');
    expect(residue).toMatchObject({ complete: true, unread: [], remainingAccessLevel: 'DEVELOPER', items: [] });
    expect(residue?.remainingPaths.join()).toContain(GROUPS.platform);
    const told = (await see(grant?.id ?? '')).history.nodes.map(({ summary }) => summary).join();
    expect(told).toContain('level 30 by other paths');
  });

  it('S35: tokens, keys and memberships that are new since a project grant began are told, those before are not', async () => {
    const { token } = scene.gateway.sandbox.edit({
      action: 'addToken',
      userId: await userId(USERS.niaj),
      scopes: ['api'],
    });
    await scene.gitlab('POST', `${API}/deploy_tokens`, { name: 'old', scopes: ['read_repository'] });
    await scene.gateway.advance(HOUR_MS);
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    await scene.gateway.advance(5_000);
    scene.gateway.sandbox.edit({ action: 'settleAuthorizations' });
    const expires = new Date(scene.gateway.sandbox.clock.now() + 20 * 24 * HOUR_MS).toISOString().slice(0, 10);
    const mine = String(token);
    await as(mine, `${API}/access_tokens`, { name: 'ci', scopes: ['api'], expires_at: expires, access_level: 30 });
    await as(mine, `${API}/deploy_tokens`, { name: 'pull', scopes: ['read_repository'] });
    await as(mine, `${API}/deploy_keys`, { title: 'backdoor', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA3fVKs0' });
    await as(mine, `${API}/members`, { user_id: await userId(USERS.judy), access_level: 20 });
    await scene.revokeGrant(grant?.id ?? '');
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
    const residue = await residueOf(grant?.id ?? '');
    expect(residue?.unread).toEqual([]);
    const { niaj: createdBy } = USERS;
    const sourcePath = PROJECTS.tooling;
    expect(residue?.items).toEqual([
      { kind: 'PROJECT_ACCESS_TOKEN', name: 'ci', createdBy, sourcePath },
      { kind: 'MEMBERSHIP', name: USERS.judy, createdBy, sourcePath },
      { kind: 'DEPLOY_TOKEN', name: 'pull', createdBy: null, sourcePath },
      { kind: 'DEPLOY_KEY', name: 'backdoor', createdBy: null, sourcePath },
    ]);
  });

  it('S16: a group and a project below it end each for itself, and each end tells what is left', async () => {
    const group = { group: GROUPS.payments };
    const project = { project: PROJECTS.api };
    const above = await scene.grant(USERS.niaj, group, { accessLevel: 'DEVELOPER' });
    const below = await scene.grant(USERS.niaj, project, { accessLevel: 'MAINTAINER' });
    await scene.revokeGrant(below.grant?.id ?? '');
    expect(await scene.row(USERS.niaj, project)).toBeNull();
    expect(await scene.row(USERS.niaj, group)).toMatchObject({ access_level: 30 });
    expect((await scene.see(above.grant?.id ?? '')).status).toBe('ACTIVE');
    expect(await residueOf(below.grant?.id ?? '')).toMatchObject({ remainingAccessLevel: 'DEVELOPER' });
    await scene.revokeGrant(above.grant?.id ?? '');
    expect(await scene.row(USERS.niaj, group)).toBeNull();
    expect(await residueOf(above.grant?.id ?? '')).toMatchObject({ remainingAccessLevel: null, remainingPaths: [] });
  });

  it('S35: what others made while a grant waited to be written is not told as new since it began', async () => {
    const id = await userId(USERS.judy);
    const projectId = ((await scene.gitlab('GET', API)).json as { id: number }).id;
    const row = { sourceKind: 'Project', sourceId: projectId, userId: id } as const;
    scene.gateway.sandbox.edit({ action: 'removeMember', ...row });
    scene.gateway.sandbox.edit({ action: 'addMember', ...row, set: { accessLevel: 10, state: 'awaiting' } });
    const { grant } = await scene.grant(USERS.judy, TOOLING);
    expect(grant).toMatchObject({ status: 'ACTIVATING', problem: { code: 'PENDING_UPSTREAM' } });
    await scene.gitlab('POST', `${API}/deploy_tokens`, { name: 'meanwhile', scopes: ['read_repository'] });
    scene.gateway.sandbox.edit({ action: 'setMember', ...row, set: { state: 'active' } });
    await scene.gateway.advance(5 * MINUTE_MS);
    await followed('it is active', async () => (await scene.see(grant?.id ?? '')).status === 'ACTIVE');
    await scene.gitlab('POST', `${API}/deploy_tokens`, { name: 'afterwards', scopes: ['read_repository'] });
    await scene.revokeGrant(grant?.id ?? '');
    const residue = await residueOf(grant?.id ?? '');
    expect(residue?.items.map(({ name }) => name)).toEqual(['afterwards']);
  });

  it('S35: for a group, memberships of subgroups count too; what cannot be read is named and holds nothing up', async () => {
    const { grant } = await scene.grant(USERS.niaj, { group: GROUPS.payments }, { accessLevel: 'MAINTAINER' });
    await scene.gateway.advance(5_000);
    const members = `/groups/${encodeURIComponent(GROUPS.core)}/members`;
    await scene.gitlab('POST', members, { user_id: await userId(USERS.judy), access_level: 20 });
    scene.gateway.sandbox.fault({ path: '/access_tokens', kind: 'status', status: 403, body: {}, times: 10 });
    const { verifiedAt } = await scene.revokeGrant(grant?.id ?? '');
    expect(verifiedAt).not.toBeNull();
    const residue = await residueOf(grant?.id ?? '');
    scene.gateway.sandbox.clearFaults();
    expect(residue?.complete).toBe(false);
    expect(residue?.unread.join()).toContain('access tokens');
    expect(residue?.items).toMatchObject([{ kind: 'MEMBERSHIP', name: USERS.judy, sourcePath: GROUPS.core }]);
  });
});
