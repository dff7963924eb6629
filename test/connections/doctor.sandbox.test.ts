import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../sandbox/server.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { TOKENS, USERS } from '../../sandbox/seed/index.ts';
import { examine } from '../../src/connections/doctor/doctor.ts';
import type { CheckCode, ConnectionCheck, TestResult } from '../../src/connections/records.ts';
import { createGitLabClientFactory } from '../../src/gitlab/index.ts';

let sandbox: Sandbox;
const servers: Server[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ size: 'small' });
});
afterEach(() => {
  sandbox.clearFaults();
});
afterAll(async () => {
  await Promise.all([sandbox.close(), ...servers.map((server) => new Promise((resolve) => server.close(resolve)))]);
});

const factory = (allowInsecure = true) =>
  createGitLabClientFactory({
    outbound: { allowPrivate: false, allowInsecure },
    now: () => new Date(),
    sleep: () => Promise.resolve(),
    timeoutMs: { connect: 1_000, rest: 2_000, graphql: 2_000 },
  });

async function test(token: string, baseUrl = sandbox.url, clientFactory = factory()): Promise<TestResult> {
  const result = await examine(clientFactory, { baseUrl, token }, new Date());
  expect(JSON.stringify(result)).not.toContain(token);
  return result;
}

const statuses = ({ report }: TestResult): Record<string, string> =>
  Object.fromEntries(report.checks.map(({ code, status }) => [code, status]));
const find = ({ report }: TestResult, code: CheckCode): ConnectionCheck | undefined =>
  report.checks.find((check) => check.code === code);
const failures = (result: TestResult): string[] =>
  result.report.checks.filter(({ status }) => status === 'FAIL').map(({ code }) => code);

/** The id of a seeded user by username. */
function userId(username: string): number {
  const user = [...sandbox.world.users.values()].find((one) => one.username === username);
  if (!user) {
    throw new Error(`The seed has no ${username}.`);
  }
  return user.id;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

describe('the doctor before a GitLab', () => {
  it("passes a root group Owner's service account", async () => {
    const result = await test(TOKENS.owner);
    expect(failures(result)).toEqual([]);
    expect(result.report.passed).toBe(true);
    expect(result.identity).toMatchObject({ kind: 'SERVICE_ACCOUNT', username: USERS.gatehouse, isAdmin: false });
    expect(result.instanceAddress).toBe(sandbox.url);
    expect(statuses(result)).toMatchObject({
      TLS: 'WARN',
      IDENTITY: 'PASS',
      ADMINISTRATOR: 'SKIP',
      REACH: 'PASS',
      OWNER_ROLE: 'PASS',
    });
    expect(find(result, 'REACH')?.message).toContain('acme (Owner)');
  });

  it('passes an administrator, whose reach is the instance', async () => {
    const result = await test(TOKENS.admin);
    expect(failures(result)).toEqual([]);
    expect(statuses(result)).toMatchObject({ ADMINISTRATOR: 'PASS', ADMIN_MODE: 'PASS', OWNER_ROLE: 'PASS' });
    expect(find(result, 'REACH')?.message).toBe('The whole instance, as an administrator.');
  });

  it('takes at most 7 calls', async () => {
    sandbox.clearCalls();
    await test(TOKENS.owner);
    expect(sandbox.calls().length).toBeLessThanOrEqual(7);
  });

  it('warns of an administrator whom Admin Mode leaves without rights', async () => {
    sandbox.settings({ adminMode: true });
    const { token } = sandbox.edit({ action: 'addToken', userId: userId(USERS.root), scopes: ['api'] });
    const result = await test(String(token));
    sandbox.settings({ adminMode: false });
    expect(statuses(result)).toMatchObject({ ADMINISTRATOR: 'PASS', ADMIN_MODE: 'WARN' });
  });

  it('refuses a plain user, who owns nothing', async () => {
    const result = await test(TOKENS.user);
    expect(failures(result)).toEqual(['OWNER_ROLE']);
    expect(result.identity?.kind).toBe('DEDICATED_USER');
  });

  it('warns of groups whose members an LDAP link sets', async () => {
    const acme = [...sandbox.world.groups.values()].find((group) => group.path === 'acme' && group.parentId === null);
    sandbox.edit({
      action: 'setGroup',
      id: acme?.id ?? 0,
      set: { ldapLinks: [{ cn: 'ops', groupAccess: 30, provider: 'ldapmain' }] },
    });
    const result = await test(TOKENS.owner);
    sandbox.edit({ action: 'setGroup', id: acme?.id ?? 0, set: { ldapLinks: [] } });
    expect(find(result, 'EXTERNAL_SYNC')).toMatchObject({ status: 'WARN' });
    expect(find(result, 'EXTERNAL_SYNC')?.message).toContain('acme');
  });

  it.each([
    ['an unknown token', 'glpat-sandbox-nobody', ['TOKEN_VALID'], /does not know this token/],
    ['an expired token', TOKENS.expired, ['TOKEN_VALID', 'TOKEN_EXPIRY'], /is expired/],
    ['a revoked token', TOKENS.revoked, ['TOKEN_VALID'], /was revoked/],
    ['the token of a blocked account', TOKENS.blocked, ['TOKEN_VALID'], /has been blocked/],
  ])('tells %s from the others', async (_, token, failed, said) => {
    const result = await test(token);
    expect(failures(result)).toEqual(failed);
    expect(find(result, 'TOKEN_VALID')?.message).toMatch(said);
  });

  it('refuses a token that may only read, and still tells whose it is', async () => {
    const result = await test(TOKENS.readOnly);
    expect(failures(result)).toEqual(['TOKEN_SCOPE']);
    expect(find(result, 'TOKEN_SCOPE')?.message).toContain('read_api');
    expect(statuses(result)).toMatchObject({ VERSION: 'PASS', REACH: 'SKIP' });
  });

  it("refuses a project token's bot", async () => {
    const result = await test(TOKENS.projectBot);
    expect(failures(result)).toContain('IDENTITY');
    expect(result.identity?.kind).toBe('PROJECT_TOKEN_BOT');
  });

  it('says that GitLab is down while it is', async () => {
    sandbox.fault({ kind: '502', times: 99 });
    const result = await test(TOKENS.owner);
    expect(failures(result)).toEqual(['REACHABLE']);
  });
});

describe('the doctor before something else', () => {
  it('says how to allow plain http where it is not allowed, and sends nothing', async () => {
    sandbox.clearCalls();
    const result = await test(TOKENS.owner, sandbox.url, factory(false));
    expect(failures(result)).toEqual(['REACHABLE']);
    expect(find(result, 'REACHABLE')?.remedy).toContain('ALLOW_INSECURE_GITLAB');
    expect(sandbox.calls()).toEqual([]);
  });

  it('says that nothing listens there', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(failures(await test(TOKENS.owner, url))).toEqual(['REACHABLE']);
  });

  it('says that a web site is no GitLab', async () => {
    const url = await serve((_, response) =>
      response.setHeader('content-type', 'text/html').end('<html>Welcome</html>'),
    );
    expect(failures(await test(TOKENS.owner, url))).toEqual(['IS_GITLAB']);
  });

  it('gives the address to use where it is redirected, and does not follow', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      response.writeHead(301, { location: `https://git.example.com/gitlab${request.url ?? ''}` }).end();
    });
    const result = await test(TOKENS.owner, url);
    expect(failures(result)).toEqual(['IS_GITLAB']);
    expect(find(result, 'IS_GITLAB')?.remedy).toBe('Use https://git.example.com/gitlab as the address.');
    expect(asked).toBe(1);
  });

  it('says that it speaks no TLS where https is asked of a plain server', async () => {
    const result = await test(TOKENS.owner, sandbox.url.replace('http:', 'https:'));
    expect(failures(result)).toEqual(['TLS']);
    expect(find(result, 'TLS')?.remedy).toContain('NODE_EXTRA_CA_CERTS');
  });
});
