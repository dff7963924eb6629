import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GROUPS, PROJECTS, USERS } from '../../sandbox/seed/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';

let gateway: Gateway;

/** The token of somebody who owns one group, and sees another, private one only because a project in it admits them. */
beforeAll(async () => {
  gateway = await startGateway({ store: 'memory', sandbox: { size: 'small' } });
  const { sandbox } = gateway;
  const carl = [...sandbox.world.users.values()].find(({ username }) => username === USERS.carl);
  const userId = carl?.id ?? 0;
  const added = await fetch(`${sandbox.url}/api/v4/projects/${encodeURIComponent(PROJECTS.api)}/members`, {
    method: 'POST',
    headers: { 'private-token': sandbox.tokens.admin, 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId, access_level: 20 }),
  });
  expect(added.status).toBe(201);
  sandbox.advance(60_000);
  const { token } = sandbox.edit({ action: 'addToken', userId, scopes: ['api'] });
  await gateway.connect({ name: 'carl', token: String(token) });
}, 120_000);
afterAll(() => gateway.close());

const MEMBERS = 'fullPath members(kinds: [DIRECT]) { nodes { user { username } } }';

describe('a group that the token sees, but not its members', () => {
  it('has UPSTREAM_FORBIDDEN on its members, never an empty list; other groups of the same query are answered', async () => {
    const { status, data, errors } = await gateway.query(`{ connection(name: "carl") {
      seen: group(fullPath: "${GROUPS.payments}") { ${MEMBERS} }
      own: group(fullPath: "${GROUPS.library}") { ${MEMBERS} }
      unseen: group(fullPath: "${GROUPS.partners}") { ${MEMBERS} }
    } }`);
    expect(status).toBe(200);
    expect(data).toEqual({
      connection: {
        seen: { fullPath: GROUPS.payments, members: null },
        own: { fullPath: GROUPS.library, members: { nodes: [{ user: { username: USERS.carl } }] } },
        unseen: null,
      },
    });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['connection', 'seen', 'members'], 'UPSTREAM_FORBIDDEN'],
    ]);
  });

  it('is refused in a list of groups on its own entry only', async () => {
    const { data, errors } = await gateway.query(`{ connection(name: "carl") {
      groups(fullPaths: ["${GROUPS.library}", "${GROUPS.payments}"]) { nodes { ${MEMBERS} } } } }`);
    expect(data).toMatchObject({
      connection: { groups: { nodes: [{ members: { nodes: [{}] } }, { fullPath: GROUPS.payments, members: null }] } },
    });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_FORBIDDEN']);
  });
});
