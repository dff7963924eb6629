import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, HOUR_MS, PROJECTS, STORES, TOKENS, USERS, startScene } from './scene.ts';
import type { Scene } from './scene.ts';

const MINUTE_MS = 60_000;
type Updated = { connection: { id: string; status: string } | null; userErrors: { code: string; message: string }[] };

describe.each(STORES)('grants and the token of their connection, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());

  const idOf = async (path: string): Promise<number> => ((await scene.gitlab('GET', path)).json as { id: number }).id;
  const userId = async (username: string) =>
    ((await scene.gitlab('GET', `/users?username=${username}`)).json as { id: number }[])[0]?.id ?? 0;
  const settled = (id: string, status: string) =>
    scene.until(`the grant is ${status}`, async () => (await scene.see(id)).status === status);
  const tokenOf = async (username: string) => {
    const { id, token } = scene.gateway.sandbox.edit({
      action: 'addToken',
      userId: await userId(username),
      scopes: ['api'],
    });
    return { id: Number(id), token: String(token) };
  };
  const update = async (input: object): Promise<Updated> => {
    const { data, errors } = await scene.gateway.query<{ updateConnection: Updated }>(
      `mutation Update($input: UpdateConnectionInput!) { updateConnection(input: $input) {
         connection { id status } userErrors { code message } } }`,
      { input },
    );
    expect(errors).toEqual([]);
    return data.updateConnection;
  };
  const statusOf = async (id: string) => {
    const { data } = await scene.gateway.query<{ node: { status: string } }>(
      'query Status($id: ID!) { node(id: $id) { ... on Connection { status } } }',
      { id },
    );
    return data.node.status;
  };

  it('S24: a dead token turns the connection DEGRADED; due ends are overdue, and a new token drains them at once', async () => {
    const dying = await tokenOf(USERS.gatehouse);
    const connectionId = await scene.gateway.connect({ name: 'dying', token: dying.token });
    const later = await scene.grant(USERS.niaj, { project: PROJECTS.tooling }, { connectionId, duration: 'PT20M' });
    const sooner = await scene.grant(USERS.niaj, { project: PROJECTS.website }, { connectionId, duration: 'PT10M' });
    const ids = [sooner.grant?.id ?? '', later.grant?.id ?? ''];
    scene.gateway.sandbox.edit({ action: 'setToken', id: dying.id, set: { revoked: true } });
    await scene.gateway.advance(30 * MINUTE_MS);
    await scene.until('the connection is degraded', async () => (await statusOf(connectionId)) === 'DEGRADED');
    for (const id of ids) {
      await scene.until('it is overdue', async () => (await scene.see(id)).problem?.code === 'OVERDUE');
    }
    const { data } = await scene.gateway.query<{ grants: { nodes: { id: string }[] } }>(
      '{ grants(filter: { overdue: true }) { nodes { id } } }',
    );
    expect(data.grants.nodes.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const refused = await scene.grant(USERS.heidi, { project: PROJECTS.tooling }, { connectionId });
    expect(refused.userErrors).toMatchObject([{ code: 'CONNECTION_DEGRADED' }]);
    expect(refused.userErrors[0]?.message).toContain('revoked');

    const { token } = await tokenOf(USERS.gatehouse);
    expect(await update({ connectionId, token })).toMatchObject({
      connection: { status: 'CONNECTED' },
      userErrors: [],
    });
    // No time passes: what waited for its next try need not.
    await scene.gateway.advance(0);
    for (const id of ids) await settled(id, 'ENDED');
    expect(await scene.row(USERS.niaj, { project: PROJECTS.tooling })).toBeNull();
  });

  it('S26: a token of another user is refused while a grant stands, and taken with force; the grant then ends by it', async () => {
    const { token } = await tokenOf(USERS.gatehouse);
    const connectionId = await scene.gateway.connect({ name: 'moving', token });
    const { grant } = await scene.grant(USERS.niaj, { project: PROJECTS.tooling }, { connectionId, duration: 'PT1H' });
    const refused = await update({ connectionId, token: TOKENS.alice });
    expect(refused).toMatchObject({ connection: null, userErrors: [{ code: 'CONNECTION_IN_USE' }] });
    const forced = await update({ connectionId, token: TOKENS.alice, force: true });
    expect(forced).toMatchObject({ connection: { status: 'CONNECTED' }, userErrors: [] });
    await scene.gateway.advance(HOUR_MS + 1_000);
    await settled(grant?.id ?? '', 'ENDED');
    expect(await scene.row(USERS.niaj, { project: PROJECTS.tooling })).toBeNull();
  });

  it('S26: a token that could no longer revoke in some place is refused with its path, unless forced', async () => {
    const { token } = await tokenOf(USERS.gatehouse);
    const connectionId = await scene.gateway.connect({ name: 'shrinking', token });
    const { grant } = await scene.grant(USERS.niaj, { project: PROJECTS.tooling }, { connectionId });
    const same = await update({ connectionId, token: (await tokenOf(USERS.gatehouse)).token });
    expect(same.userErrors).toEqual([]);
    const gatehouse = await userId(USERS.gatehouse);
    const [acme, design] = [await idOf('/groups/acme'), await idOf(`/groups/${encodeURIComponent(GROUPS.design)}`)];
    const owner = { accessLevel: 50 };
    const row = { sourceKind: 'Group', userId: gatehouse } as const;
    scene.gateway.sandbox.edit({ action: 'addMember', ...row, sourceId: design, set: owner });
    scene.gateway.sandbox.edit({ action: 'removeMember', ...row, sourceId: acme });
    const lesser = (await tokenOf(USERS.gatehouse)).token;
    const refused = await update({ connectionId, token: lesser });
    expect(refused).toMatchObject({ connection: null, userErrors: [{ code: 'CONNECTION_IN_USE' }] });
    expect(refused.userErrors[0]?.message).toContain(PROJECTS.tooling);
    expect((await update({ connectionId, token: lesser, force: true })).userErrors).toEqual([]);
    scene.gateway.sandbox.edit({ action: 'addMember', ...row, sourceId: acme, set: owner });
    await scene.revokeGrant(grant?.id ?? '');
    await settled(grant?.id ?? '', 'ENDED');
  });
});
