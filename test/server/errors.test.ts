import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatehouseError } from '../../src/errors.ts';
import { GitLabError } from '../../src/gitlab/errors.ts';
import { startBareServer } from './bare.ts';
import type { BareServer } from './bare.ts';

const SECRET = 'glpat-abcdefghijklmnopqrst';
/** A field whose resolver fails as the test says. */
const FIELD = `node(id: "${Buffer.from('Connection:1').toString('base64url')}") { id }`;

describe('what callers see of errors', () => {
  let server: BareServer;
  let failure: Error;
  const fail = (): Promise<never> => Promise.reject(failure);

  beforeAll(async () => {
    server = await startBareServer({ connections: { byId: fail } });
  });
  afterAll(() => server.close());

  it('an unexpected error is masked with an id, and the log holds its cause under the same id', async () => {
    failure = new Error(`relation "keys" does not exist at postgres://u:pw@db/x ${SECRET}`);
    const answer = await server.ask(`{ ${FIELD} viewer { name } }`);
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ node: null, viewer: { name: 'The admin' } });
    const [error] = answer.errors;
    expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) });
    expect(JSON.stringify(answer.errors)).not.toContain('relation');
    const line = server.logged.find((entry) => entry.includes(String(error?.extensions.errorId)));
    expect(line).toContain('relation \\"keys\\" does not exist');
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain('u:pw');
  });

  it('an error of the gateway keeps its message, code and place', async () => {
    failure = new GatehouseError('BAD_USER_INPUT', 'Do it otherwise.');
    const answer = await server.ask(`{ ${FIELD} }`);
    expect(answer.errors).toEqual([
      {
        message: 'Do it otherwise.',
        path: ['node'],
        locations: expect.any(Array),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it.each([
    ['TOKEN_REVOKED', 'UPSTREAM_UNAUTHENTICATED'],
    ['FORBIDDEN', 'UPSTREAM_FORBIDDEN'],
    ['SOURCE_NOT_FOUND', 'UPSTREAM_FORBIDDEN'],
    ['TIMEOUT', 'UPSTREAM_UNAVAILABLE'],
    ['UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    ['UNREADABLE', 'UPSTREAM_INVALID'],
  ] as const)('GitLab answering %s is the top-level error %s on its field', async (gitlabCode, code) => {
    failure = new GitLabError(gitlabCode, 'GitLab said something.');
    const answer = await server.ask(`{ ${FIELD} }`);
    expect(answer.errors[0]).toMatchObject({
      message: 'GitLab said something.',
      path: ['node'],
      extensions: { code, gitlabCode },
    });
  });

  it('a rate limit of GitLab says how long to wait', async () => {
    failure = new GitLabError('RATE_LIMITED', 'GitLab asks to wait.', { retryAfterMs: 7000 });
    const answer = await server.ask(`{ ${FIELD} }`);
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 7000 });
  });

  it('an input that is refused is never repeated: its token stays out of the answer and the log', async () => {
    const save = 'mutation($input: SaveConnectionInput!) { saveConnection(input: $input) { userErrors { code } } }';
    const inputs = [
      { baseUrl: 'https://gitlab.example.com', token: SECRET },
      { name: 'a', baseUrl: 'nonsense', token: 'plain; Expected secret' },
      { name: 'a', baseUrl: 'https://x.example', token: ['plain; Expected secret'] },
    ];
    for (const input of inputs) {
      const answer = await server.ask(save, { variables: { input } });
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(answer.errors[0]?.message).toMatch(/^Variable "\$input" got invalid value/);
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    }
    const named = await server.ask(save, { variables: { input: inputs[0] } });
    expect(named.errors[0]?.message).toContain('Field "name" of required type "String!" was not provided.');
    expect(server.logged.join('\n')).not.toContain(SECRET);
  });

  it('a duration in years is refused with what is accepted', async () => {
    const answer = await server.ask(
      `mutation { grantAccess(input: {connectionId: "x", user: {username: "a"}, target: {group: "g"},
        accessLevel: DEVELOPER, duration: "P1Y", reason: "r"}) { userErrors { code } } }`,
    );
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('P7D or PT1H30M');
  });

  it('of several ways to point at a user exactly one is accepted', async () => {
    const answer = await server.ask(
      `mutation { grantAccess(input: {connectionId: "x", user: {username: "a", gitlabId: "1"}, target: {group: "g"},
        accessLevel: DEVELOPER, reason: "r"}) { userErrors { code } } }`,
    );
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('exactly one');
  });

  it('an id that is none, and an id of another kind, are told apart in plain words', async () => {
    const none = await server.ask('{ node(id: "hello") { id } }');
    expect(none.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(none.errors[0]?.message).toContain('not an id that this gateway gives');
    const other = await server.ask('query($id: ID!) { auditEvents(filter: {grantId: $id}) { totalCount } }', {
      variables: { id: Buffer.from('User:1:2').toString('base64url') },
    });
    expect(other.errors[0]?.message).toContain('the id of a User. Give the id of a Grant');
  });
});
