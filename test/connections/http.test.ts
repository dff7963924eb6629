import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TOKENS } from '../../sandbox/seed/index.ts';
import type { Gateway } from '../support/gateway.ts';
import { startGateway } from '../support/gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ store: 'memory', sandbox: { size: 'small' } });
});
afterEach(() => {
  gateway.sandbox.clearFaults();
});
afterAll(() => gateway.close());

type UserErrors = { code: string; message: string; field: string[] | null }[];
type Checks = { passed: boolean; checks: { code: string; status: string; message: string; remedy: string | null }[] };
type Connection = Record<string, unknown> & { id: string };
type Payload = { connection: Connection | null; report: Checks | null; userErrors: UserErrors };
type Tested = {
  report: Checks | null;
  identity: object | null;
  instance: object | null;
  token: object | null;
  userErrors: UserErrors;
};
type Deleted = { deletedConnectionId: string | null; userErrors: UserErrors };

const ERRORS = 'userErrors { code message field }';
const REPORT = 'report { passed checkedAt checks { code status message remedy } }';
const CONNECTION = `id name baseUrl status statusReason identity { gitlabId username name kind isAdmin }
  token { name scopes createdAt expiresAt daysLeft lastUsedAt } instance { version enterprise gitlabDotCom } ${REPORT} createdAt updatedAt`;
const DOCUMENTS = {
  testConnection: `mutation ($input: TestConnectionInput!) { result: testConnection(input: $input) {
    ${REPORT} identity { username kind isAdmin } instance { version } token { name daysLeft } ${ERRORS} } }`,
  saveConnection: `mutation ($input: SaveConnectionInput!) { result: saveConnection(input: $input) { connection { ${CONNECTION} } ${REPORT} ${ERRORS} } }`,
  updateConnection: `mutation ($input: UpdateConnectionInput!) { result: updateConnection(input: $input) { connection { ${CONNECTION} } ${REPORT} ${ERRORS} } }`,
  deleteConnection: `mutation ($input: DeleteConnectionInput!) { result: deleteConnection(input: $input) { deletedConnectionId ${ERRORS} } }`,
};

/** The payload of a mutation that is answered without a top-level error. */
async function mutate<T>(mutation: keyof typeof DOCUMENTS, input: object): Promise<T> {
  const { data, errors } = await gateway.query<{ result: T }>(DOCUMENTS[mutation], { input });
  expect(errors).toEqual([]);
  expect(JSON.stringify(data)).not.toContain('glpat-');
  return data.result;
}

const fresh = (changes: object = {}): { name: string; baseUrl: string; token: string } => ({
  name: `gitlab ${randomUUID()}`,
  baseUrl: gateway.sandbox.url,
  token: TOKENS.owner,
  ...changes,
});
const saved = async (changes: object = {}): Promise<Connection> => {
  const { connection, userErrors } = await mutate<Payload>('saveConnection', fresh(changes));
  expect(userErrors).toEqual([]);
  return connection ?? { id: 'none' };
};
const read = async (name: unknown): Promise<Connection | null> => {
  const document = `query ($name: String!) { connection(name: $name) { ${CONNECTION} } }`;
  const { data, errors } = await gateway.query<{ connection: Connection | null }>(document, { name });
  expect(errors).toEqual([]);
  return data.connection;
};
const down = (): void => {
  gateway.sandbox.fault({ kind: '502', times: 1_000 });
};

describe('reading connections', () => {
  it('shows each with everything but its token, by name in any case', async () => {
    const connection = await saved();
    expect(connection).toMatchObject({
      baseUrl: gateway.sandbox.url,
      status: 'CONNECTED',
      statusReason: null,
      identity: { username: 'gatehouse', kind: 'SERVICE_ACCOUNT', isAdmin: false },
      token: { scopes: ['api'] },
      instance: { gitlabDotCom: false },
      report: { passed: true },
    });
    expect(await read(String(connection['name']).toUpperCase())).toEqual(connection);
    const { data } = await gateway.query<{ connections: Connection[] }>(`{ connections { ${CONNECTION} } }`);
    expect(data.connections).toContainEqual(connection);
    expect(JSON.stringify(data)).not.toContain('glpat-');
  });

  it('counts the days that a token has left', async () => {
    const users = [...gateway.sandbox.world.users.values()];
    const userId = users.find(({ username }) => username === 'gatehouse')?.id ?? 0;
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const { token } = gateway.sandbox.edit({ action: 'addToken', userId, scopes: ['api'], expiresAt });
    expect((await saved({ token }))['token']).toMatchObject({ expiresAt, daysLeft: 1 });
  });

  it('answers null for a name that there is not', async () => {
    expect(await read('nowhere')).toBeNull();
  });

  it('shows what was saved while GitLab is down', async () => {
    const connection = await saved();
    down();
    expect(await read(connection['name'])).toEqual(connection);
  });
});

describe('testConnection', () => {
  it('reports every check of an address and a token, and saves nothing', async () => {
    const before = await gateway.query('{ connections { id } }');
    const { report, identity, instance, token } = await mutate<Tested>('testConnection', {
      baseUrl: gateway.sandbox.url,
      token: TOKENS.admin,
    });
    expect(report?.passed).toBe(true);
    expect(report?.checks).toHaveLength(15);
    expect({ identity, instance, token }).toMatchObject({ identity: { isAdmin: true }, instance: {}, token: {} });
    expect(await gateway.query('{ connections { id } }')).toEqual(before);
  });

  it('says what is wrong with a token that GitLab refuses', async () => {
    const { report, identity } = await mutate<Tested>('testConnection', {
      baseUrl: gateway.sandbox.url,
      token: TOKENS.revoked,
    });
    expect(report?.passed).toBe(false);
    expect(report?.checks.find(({ code }) => code === 'TOKEN_VALID')).toMatchObject({
      status: 'FAIL',
      message: 'The token was revoked.',
    });
    expect(identity).toBeNull();
  });

  it('says that GitLab is down', async () => {
    down();
    const { report } = await mutate<Tested>('testConnection', { baseUrl: gateway.sandbox.url, token: TOKENS.owner });
    expect(report?.checks[0]).toMatchObject({ code: 'REACHABLE', status: 'FAIL' });
  });

  it('tests a saved connection with its own token', async () => {
    const { id } = await saved();
    expect((await mutate<Tested>('testConnection', { connectionId: id })).report?.passed).toBe(true);
  });

  it.each([
    [{}, 'INVALID_INPUT', ['baseUrl']],
    [{ connectionId: 'nonsense' }, 'INVALID_INPUT', ['connectionId']],
    [{ connectionId: Buffer.from('Connection:999999').toString('base64url') }, 'NOT_FOUND', ['connectionId']],
  ])('refuses %j with %s', async (input, code, field) => {
    const { report, userErrors } = await mutate<Tested>('testConnection', input);
    expect(report).toBeNull();
    expect(userErrors).toMatchObject([{ code, field }]);
  });
});

describe('saveConnection', () => {
  it.each([
    [{ name: ' ' }, 'INVALID_INPUT', ['name']],
    [{ token: '' }, 'INVALID_INPUT', ['token']],
    [{ baseUrl: 'https://user:password@gitlab.example.com' }, 'INVALID_INPUT', ['baseUrl']],
  ])('refuses %j with %s', async (changes, code, field) => {
    const { connection, report, userErrors } = await mutate<Payload>('saveConnection', fresh(changes));
    expect([connection, report]).toEqual([null, null]);
    expect(userErrors).toMatchObject([{ code, field }]);
  });

  it('refuses a name that is taken', async () => {
    const { name } = await saved();
    const { userErrors } = await mutate<Payload>('saveConnection', fresh({ name }));
    expect(userErrors).toMatchObject([{ code: 'CONNECTION_NAME_TAKEN', field: ['name'] }]);
  });

  it.each([
    ['TOKEN_VALID', TOKENS.expired],
    ['TOKEN_SCOPE', TOKENS.readOnly],
    ['IDENTITY', TOKENS.projectBot],
    ['OWNER_ROLE', TOKENS.user],
  ])('saves nothing where %s fails, names it and gives the report', async (code, token) => {
    const input = fresh({ token });
    const { connection, report, userErrors } = await mutate<Payload>('saveConnection', input);
    expect(connection).toBeNull();
    expect(report?.checks.find((check) => check.code === code)?.status).toBe('FAIL');
    expect(userErrors).toMatchObject([{ code: 'CONNECTION_TEST_FAILED' }]);
    expect(userErrors[0]?.message).toContain(`${code}: `);
    expect(await read(input.name)).toBeNull();
  });

  it('saves nothing while GitLab is down, and the same call works once it is back', async () => {
    const input = fresh({ idempotencyKey: randomUUID() });
    down();
    const before = await mutate<Payload>('saveConnection', input);
    expect(before.userErrors).toMatchObject([{ code: 'CONNECTION_TEST_FAILED' }]);
    gateway.sandbox.clearFaults();
    expect((await mutate<Payload>('saveConnection', input)).connection).not.toBeNull();
  });

  it('answers a repeat with the same connection and asks GitLab nothing', async () => {
    const input = fresh({ idempotencyKey: randomUUID() });
    const first = await mutate<Payload>('saveConnection', input);
    down();
    const again = await mutate<Payload>('saveConnection', input);
    expect(again.connection).toEqual(first.connection);
    expect(again.report).toEqual(first.report);
    const other = await mutate<Payload>('saveConnection', { ...input, token: TOKENS.admin });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
  });
});

describe('updateConnection', () => {
  it('changes the name and the token', async () => {
    const { id } = await saved();
    const name = `renamed ${randomUUID()}`;
    const { connection } = await mutate<Payload>('updateConnection', { connectionId: id, name, token: TOKENS.admin });
    expect(connection).toMatchObject({ id, name, identity: { isAdmin: true } });
    expect(await read(name)).toEqual(connection);
  });

  it('keeps everything where GitLab refuses the new token or is down', async () => {
    const before = await saved();
    const refused = await mutate<Payload>('updateConnection', { connectionId: before.id, token: TOKENS.revoked });
    expect(refused.userErrors).toMatchObject([{ code: 'CONNECTION_TEST_FAILED' }]);
    down();
    const unreached = await mutate<Payload>('updateConnection', { connectionId: before.id, token: TOKENS.admin });
    expect(unreached.report?.checks[0]).toMatchObject({ code: 'REACHABLE', status: 'FAIL' });
    expect(await read(before['name'])).toEqual(before);
  });

  it.each([
    [{}, 'INVALID_INPUT'],
    [{ baseUrl: 'https://elsewhere.example.com' }, 'INVALID_INPUT'],
    [{ connectionId: 'nonsense', name: 'x' }, 'INVALID_INPUT'],
  ])('refuses %j with %s', async (changes, code) => {
    const { id } = await saved();
    const { connection, userErrors } = await mutate<Payload>('updateConnection', { connectionId: id, ...changes });
    expect(connection).toBeNull();
    expect(userErrors).toMatchObject([{ code }]);
  });

  it('happens once for an idempotency key', async () => {
    const { id } = await saved();
    const input = { connectionId: id, name: `once ${randomUUID()}`, idempotencyKey: randomUUID() };
    const first = await mutate<Payload>('updateConnection', input);
    expect(await mutate<Payload>('updateConnection', input)).toEqual(first);
  });
});

describe('a connection whose token dies', () => {
  it('turns DEGRADED when a read meets it, and a new token brings it back', async () => {
    const users = [...gateway.sandbox.world.users.values()];
    const userId = users.find(({ username }) => username === 'gatehouse')?.id ?? 0;
    const { token, id: tokenId } = gateway.sandbox.edit({ action: 'addToken', userId, scopes: ['api'] });
    const { id, name } = await saved({ token });
    gateway.sandbox.edit({ action: 'setToken', id: Number(tokenId), set: { revoked: true } });
    const query = 'query ($name: String!) { connection(name: $name) { group(fullPath: "acme") { id } } }';
    const { errors } = await gateway.query(query, { name });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    let seen = await read(name);
    while (seen?.['status'] !== 'DEGRADED') {
      seen = await read(name);
    }
    expect(seen['statusReason']).toMatch(/revoked/);
    const { connection } = await mutate<Payload>('updateConnection', { connectionId: id, token: TOKENS.owner });
    expect(connection).toMatchObject({ status: 'CONNECTED', statusReason: null });
  });
});

describe('deleteConnection', () => {
  const grant = async (connectionId: string): Promise<string> => {
    const document = `mutation ($input: GrantAccessInput!) { grantAccess(input: $input) { grant { id status } userErrors { code message } } }`;
    const { data, errors } = await gateway.query<{
      grantAccess: { grant: { id: string; status: string } | null; userErrors: UserErrors };
    }>(document, {
      input: {
        connectionId,
        user: { username: 'heidi' },
        target: { group: 'acme/platform' },
        accessLevel: 'MAINTAINER',
        duration: 'PT1H',
        reason: 'on call',
      },
    });
    expect({ errors, userErrors: data.grantAccess.userErrors }).toEqual({ errors: [], userErrors: [] });
    return data.grantAccess.grant?.id ?? '';
  };
  const statusOf = async (id: string): Promise<unknown> => {
    const document = `query ($id: ID!) { node(id: $id) { ... on Grant { status endReason connection { id } } } }`;
    return (await gateway.query<{ node: unknown }>(document, { id })).data.node;
  };

  it('deletes, also while GitLab is down, and answers a repeat with the same', async () => {
    const { id, name } = await saved();
    down();
    const input = { connectionId: id, idempotencyKey: randomUUID() };
    expect(await mutate<Deleted>('deleteConnection', input)).toEqual({ deletedConnectionId: id, userErrors: [] });
    expect(await mutate<Deleted>('deleteConnection', input)).toEqual({ deletedConnectionId: id, userErrors: [] });
    expect(await read(name)).toBeNull();
  });

  it.each([
    [{ connectionId: 'nonsense' }, 'INVALID_INPUT'],
    [{ connectionId: Buffer.from('Connection:999999').toString('base64url') }, 'NOT_FOUND'],
  ])('refuses %j with %s', async (input, code) => {
    expect((await mutate<Deleted>('deleteConnection', input)).userErrors).toMatchObject([{ code }]);
  });

  it('is refused while a grant stands, and ends it first with END', async () => {
    const { id } = await saved();
    const granted = await grant(id);
    const refused = await mutate<Deleted>('deleteConnection', { connectionId: id });
    expect(refused.userErrors).toMatchObject([{ code: 'CONNECTION_IN_USE' }]);
    const input = { connectionId: id, grants: 'END', reason: 'moving house' };
    expect(await mutate<Deleted>('deleteConnection', input)).toEqual({ deletedConnectionId: id, userErrors: [] });
    expect(await statusOf(granted)).toEqual({ status: 'ENDED', endReason: 'REVOKED', connection: null });
  });

  it('abandons what stands where GitLab is gone for good', async () => {
    const { id } = await saved();
    const granted = await grant(id);
    down();
    const input = { connectionId: id, grants: 'ABANDON', reason: 'the machine burnt' };
    expect(await mutate<Deleted>('deleteConnection', input)).toEqual({ deletedConnectionId: id, userErrors: [] });
    expect(await statusOf(granted)).toEqual({ status: 'ENDED', endReason: 'ABANDONED', connection: null });
  });
});

describe('who may do this', () => {
  it.each(Object.entries(DOCUMENTS))('%s needs a key', async (_, document) => {
    const { errors } = await gateway.query(document, { input: {} }, { key: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });

  it.each(['{ connections { id } }', '{ connection(name: "x") { id } }'])('%s needs a key', async (document) => {
    const { errors } = await gateway.query(document, {}, { key: 'nobody' });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('what is told of all this', () => {
  it('is in the audit by action, and no token is in any log line', async () => {
    await saved();
    const { data } = await gateway.query<{ auditEvents: { nodes: { action: string; summary: string }[] } }>(
      '{ auditEvents(first: 100) { nodes { action summary } } }',
    );
    const actions = new Set(data.auditEvents.nodes.map(({ action }) => action));
    expect([...actions]).toEqual(
      expect.arrayContaining(['CONNECTION_SAVED', 'CONNECTION_UPDATED', 'CONNECTION_DELETED']),
    );
    expect(JSON.stringify(data)).not.toContain('glpat-');
    expect(gateway.logged.join('\n')).not.toContain('glpat-');
  });
});
