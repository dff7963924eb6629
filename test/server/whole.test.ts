import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';

describe.each(['folder', 'postgres'] as const)('the whole gateway over HTTP, store: %s', (store) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ store });
  }, 120_000);
  afterAll(() => gateway.close());

  it('connects a GitLab, reads it back, and keeps it over a restart', async () => {
    const id = await gateway.connect();
    const read = () =>
      gateway.query(
        `query($id: ID!) {
        viewer { subject roles }
        connections { name status identity { username kind } token { scopes daysLeft } report { passed } }
        node(id: $id) { __typename id ... on Connection { name group(fullPath: "acme") { id fullPath } } }
        auditEvents { totalCount nodes { id sequence action connection { name } } }
      }`,
        { id },
      );
    const before = await read();
    expect(before.errors).toEqual([]);
    expect(before.data).toMatchObject({
      viewer: { subject: 'admin', roles: ['ADMIN'] },
      connections: [
        { name: 'sandbox', status: 'CONNECTED', identity: { kind: 'SERVICE_ACCOUNT' }, report: { passed: true } },
      ],
      node: { __typename: 'Connection', id, name: 'sandbox', group: { fullPath: 'acme' } },
    });
    await gateway.restart();
    const after = await read();
    expect(after.errors).toEqual([]);
    expect(after.data).toEqual(before.data);
  }, 60_000);

  it('every kind of thing is found again by its global id', async () => {
    type Ids = {
      connection: { group: { id: string }; project: { id: string }; user: { id: string } };
      auditEvents: { nodes: { id: string }[] };
    };
    const { data } = await gateway.query<Ids>(`{
      connection(name: "SANDBOX") { group(fullPath: "acme/ops") { id } project(fullPath: "acme/api") { id } user(username: "dana") { id } }
      auditEvents(first: 1) { nodes { id } }
    }`);
    const things = [data.connection.group, data.connection.project, data.connection.user, data.auditEvents.nodes[0]];
    for (const [index, name] of ['Group', 'Project', 'User', 'AuditEvent'].entries()) {
      const found = await gateway.query('query($id: ID!) { node(id: $id) { __typename id } }', {
        id: things[index]?.id,
      });
      expect(found.data).toEqual({ node: { __typename: name, id: things[index]?.id } });
    }
    const gone = Buffer.from('Group:1:999999').toString('base64url');
    expect((await gateway.query('query($id: ID!) { node(id: $id) { id } }', { id: gone })).data).toEqual({
      node: null,
    });
  });

  it('no token ever shows in an answer or in the log', () => {
    const text = gateway.logged.join('\n');
    expect(gateway.logged.length).toBeGreaterThan(0);
    for (const secret of [...Object.values(gateway.sandbox.tokens), gateway.adminKey])
      expect(text).not.toContain(secret);
  });
});
