import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { GROUPS, PROJECTS, TOKENS } from '../../sandbox/seed/index.ts';
import type { Gateway } from '../support/gateway.ts';

/** What an answer holds: codes of top-level errors, codes of user errors, and whether the store is another one after it. */
export type Outcome = {
  status?: number;
  codes?: string[];
  userErrors?: string[];
  /** What `result` matches; left out: it is null. */
  result?: unknown;
  changes?: boolean;
};

export type Variables = Record<string, unknown>;

/** What a row may make before anything goes wrong. */
export type Maker = {
  gateway: Gateway;
  /** Saves one more connection. */
  connection(): Promise<{ id: string }>;
  /** The same with a token that no other connection has. */
  ownToken(): Promise<{ id: string }>;
  /** What asks for a grant, to another person each time. */
  grantInput(): Variables;
  /** A grant that stands, to another person each time. */
  grant(): Promise<string>;
  /** What takes a direct membership away, another one each time. */
  membership(): Variables;
  revocation(): Promise<unknown>;
  /** What starts an extraction that has run already: a repeat. */
  extraction(): Promise<Variables>;
  /** What ends an extraction that was ended already: a repeat. */
  cancellation(): Promise<Variables>;
};

/** One way to call a root field, which every document answers as `result`, and what comes of it. */
export type Row = {
  document: string;
  variables(make: Maker): Promise<Variables> | Variables;
  works: Outcome;
  bad: { document?: string; variables?: (good: Variables) => Variables; outcome: Outcome };
  /** `asks nothing`: GitLab is not called, so it is answered as ever when GitLab refuses or is down. */
  gitlab: 'asks nothing' | { refused: Outcome; down: Outcome };
};

const USER_ERRORS = 'userErrors { code message field }';
const GRANT = 'id status expiresAt problem { code message }';
const INVALID: Outcome = { status: 400, codes: ['GRAPHQL_VALIDATION_FAILED'] };

const mutation = (field: string, inputType: string, selection: string): string =>
  `mutation ($input: ${inputType}!) { result: ${field}(input: $input) { ${selection} ${USER_ERRORS} } }`;

const withInput =
  (change: Variables) =>
  ({ input }: Variables): Variables => ({ input: { ...(input as Variables), ...change } });

const paged = (field: string, selection: string, fill: (make: Maker) => Promise<unknown>): Row => ({
  document: `query ($first: Int!) { result: ${field}(first: $first) { totalCount nodes { ${selection} } } }`,
  variables: async (make) => {
    await fill(make);
    return { first: 1 };
  },
  works: { result: { nodes: [expect.objectContaining({ id: expect.any(String) })] } },
  bad: { variables: () => ({ first: 0 }), outcome: { codes: ['BAD_USER_INPUT'] } },
  gitlab: 'asks nothing',
});

const NOT_SAVED: Outcome = {
  result: { connection: null, report: { passed: false } },
  userErrors: ['CONNECTION_TEST_FAILED'],
};

/** The decision is stored before GitLab is asked: it stands, unproven, and is tried again. */
const stillDue = (code: string): Outcome => ({
  result: { grants: [{ status: 'ENDING' }], verifiedAt: null, problem: { code } },
  changes: true,
});

/** A read of GitLab below a connection that is ours: refused on its own field, the connection is answered. */
const groupUnread = (code: string): Outcome => ({ result: { name: 'sandbox', group: null }, codes: [code] });

const queries: Readonly<Record<string, readonly Row[]>> = {
  viewer: [
    {
      document: '{ result: viewer { subject name roles gitlabUsernames } }',
      variables: () => ({}),
      works: { result: { subject: 'admin', roles: ['ADMIN'] } },
      bad: { document: '{ result: viewer(of: "somebody") { name } }', outcome: INVALID },
      gitlab: 'asks nothing',
    },
  ],
  node: [
    {
      document: 'query ($id: ID!) { result: node(id: $id) { id ... on Group { fullPath } } }',
      variables: async ({ gateway }) => {
        const { data } = await gateway.query<{ connection: { group: { id: string } } }>(
          `{ connection(name: "sandbox") { group(fullPath: "${GROUPS.payments}") { id } } }`,
        );
        return { id: data.connection.group.id };
      },
      works: { result: { fullPath: GROUPS.payments } },
      bad: { variables: () => ({ id: 'nonsense' }), outcome: { codes: ['BAD_USER_INPUT'] } },
      gitlab: {
        refused: { codes: ['UPSTREAM_FORBIDDEN'] },
        down: { codes: ['UPSTREAM_UNAVAILABLE'] },
      },
    },
    {
      document: 'query ($id: ID!) { result: node(id: $id) { id ... on Grant { status username targetPath } } }',
      variables: async (make) => ({ id: await make.grant() }),
      works: { result: { status: 'ACTIVE', targetPath: PROJECTS.tooling } },
      bad: { variables: () => ({ id: 'R3JhbnQ6' }), outcome: { codes: ['BAD_USER_INPUT'] } },
      gitlab: 'asks nothing',
    },
  ],
  connections: [
    {
      document: '{ result: connections { id name status report { passed } } }',
      variables: () => ({}),
      works: { result: expect.arrayContaining([expect.objectContaining({ name: 'sandbox', status: 'CONNECTED' })]) },
      bad: { document: '{ result: connections(first: 1) { id } }', outcome: INVALID },
      gitlab: 'asks nothing',
    },
  ],
  connection: [
    {
      document: `query ($name: String!, $path: ID!) {
        result: connection(name: $name) { name group(fullPath: $path) { fullPath } } }`,
      variables: () => ({ name: 'SANDBOX', path: GROUPS.payments }),
      works: { result: { name: 'sandbox', group: { fullPath: GROUPS.payments } } },
      bad: { variables: () => ({ path: GROUPS.payments }), outcome: { status: 400, codes: ['BAD_USER_INPUT'] } },
      gitlab: {
        refused: groupUnread('UPSTREAM_FORBIDDEN'),
        down: groupUnread('UPSTREAM_UNAVAILABLE'),
      },
    },
  ],
  grants: [paged('grants', 'id username targetPath status expiresAt', (make) => make.grant())],
  revocations: [paged('revocations', 'id username targetPath verifiedAt', (make) => make.revocation())],
  auditEvents: [paged('auditEvents', 'id sequence action actor summary', () => Promise.resolve())],
};

const mutations: Readonly<Record<string, readonly Row[]>> = {
  testConnection: [
    {
      document: mutation('testConnection', 'TestConnectionInput', 'report { passed } identity { username }'),
      variables: ({ gateway }) => ({ input: { baseUrl: gateway.sandbox.url, token: TOKENS.admin } }),
      works: { result: { report: { passed: true }, identity: { username: 'root' } } },
      bad: { variables: () => ({ input: {} }), outcome: { result: { report: null }, userErrors: ['INVALID_INPUT'] } },
      gitlab: {
        refused: { result: { report: { passed: false }, identity: null } },
        down: { result: { report: { passed: false }, identity: null } },
      },
    },
  ],
  saveConnection: [
    {
      document: mutation('saveConnection', 'SaveConnectionInput', 'connection { id status } report { passed }'),
      variables: ({ gateway }) => ({
        input: { name: `one ${randomUUID()}`, baseUrl: gateway.sandbox.url, token: TOKENS.owner },
      }),
      works: { result: { connection: { status: 'CONNECTED' }, report: { passed: true } }, changes: true },
      bad: {
        variables: withInput({ name: ' ' }),
        outcome: { result: { connection: null, report: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: { refused: NOT_SAVED, down: NOT_SAVED },
    },
  ],
  updateConnection: [
    {
      document: mutation('updateConnection', 'UpdateConnectionInput', 'connection { name } report { passed }'),
      variables: async (make) => ({ input: { connectionId: (await make.connection()).id, token: TOKENS.admin } }),
      works: { result: { connection: {}, report: { passed: true } }, changes: true },
      bad: {
        variables: withInput({ connectionId: 'nonsense' }),
        outcome: { result: { connection: null, report: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: { refused: NOT_SAVED, down: NOT_SAVED },
    },
  ],
  deleteConnection: [
    {
      document: mutation('deleteConnection', 'DeleteConnectionInput', 'deletedConnectionId'),
      variables: async (make) => ({ input: { connectionId: (await make.connection()).id } }),
      works: { result: { deletedConnectionId: expect.any(String) }, changes: true },
      bad: {
        variables: withInput({ connectionId: 'nonsense' }),
        outcome: { result: { deletedConnectionId: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: 'asks nothing',
    },
  ],
  rotateConnectionToken: [
    {
      document: mutation('rotateConnectionToken', 'RotateConnectionTokenInput', 'connection { id status }'),
      variables: async (make) => ({ input: { connectionId: (await make.ownToken()).id } }),
      works: { result: { connection: { status: 'CONNECTED' } }, changes: true },
      bad: {
        variables: withInput({ expiresAt: '2999-01-01' }),
        outcome: { result: { connection: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: {
        refused: { codes: ['UPSTREAM_FORBIDDEN'] },
        down: { codes: ['UPSTREAM_UNAVAILABLE'] },
      },
    },
  ],
  rotateHookSecret: [
    {
      document: mutation('rotateHookSecret', 'RotateHookSecretInput', 'secret path'),
      variables: async (make) => ({ input: { connectionId: (await make.connection()).id } }),
      works: { result: { secret: expect.any(String), path: expect.any(String) }, changes: true },
      bad: {
        variables: withInput({ connectionId: 'nonsense' }),
        outcome: { result: { secret: null, path: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: 'asks nothing',
    },
  ],
  grantAccess: [
    {
      document: mutation('grantAccess', 'GrantAccessInput', `grant { ${GRANT} }`),
      variables: (make) => ({ input: make.grantInput() }),
      works: { result: { grant: { status: 'ACTIVE', problem: null } }, changes: true },
      bad: {
        variables: withInput({ duration: 'PT9000H' }),
        outcome: { result: { grant: null }, userErrors: ['DURATION_NOT_ALLOWED'] },
      },
      gitlab: {
        refused: { codes: ['UPSTREAM_FORBIDDEN'] },
        down: { codes: ['UPSTREAM_UNAVAILABLE'] },
      },
    },
  ],
  extendGrant: [
    {
      document: mutation('extendGrant', 'ExtendGrantInput', `grant { ${GRANT} }`),
      variables: async (make) => ({ input: { grantId: await make.grant(), duration: 'PT48H', reason: 'not done' } }),
      works: { result: { grant: { status: 'ACTIVE', problem: null } }, changes: true },
      bad: {
        variables: withInput({ duration: 'PT9000H' }),
        outcome: { result: { grant: null }, userErrors: ['DURATION_NOT_ALLOWED'] },
      },
      gitlab: {
        refused: { codes: ['UPSTREAM_FORBIDDEN'] },
        down: { codes: ['UPSTREAM_UNAVAILABLE'] },
      },
    },
  ],
  revokeAccess: [
    {
      document: mutation('revokeAccess', 'RevokeAccessInput', `grants { ${GRANT} } verifiedAt problem { code }`),
      variables: async (make) => ({ input: { access: { grantId: await make.grant() }, reason: 'done' } }),
      works: { result: { grants: [{ status: 'ENDED' }], verifiedAt: expect.any(String) }, changes: true },
      bad: {
        variables: withInput({ reason: ' ' }),
        outcome: { result: { grants: [] }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: {
        refused: stillDue('SOURCE_UNREADABLE'),
        down: stillDue('UPSTREAM_UNAVAILABLE'),
      },
    },
    {
      document: mutation(
        'revokeAccess',
        'RevokeAccessInput',
        'revocation { id } verifiedAt remaining { accessLevelValue }',
      ),
      variables: (make) => ({ input: make.membership() }),
      works: { result: { verifiedAt: expect.any(String), remaining: { accessLevelValue: 0 } }, changes: true },
      bad: {
        variables: withInput({ abandon: true }),
        outcome: { result: { revocation: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: {
        refused: { codes: ['UPSTREAM_FORBIDDEN'] },
        down: { codes: ['UPSTREAM_UNAVAILABLE'] },
      },
    },
  ],
  startExtraction: [
    {
      document: mutation('startExtraction', 'StartExtractionInput', 'extraction { run status mode done total }'),
      variables: async (make) => ({ input: await make.extraction() }),
      works: { result: { extraction: { run: 1, status: 'DONE', mode: 'FULL' } } },
      bad: {
        variables: withInput({ connectionId: 'nonsense', idempotencyKey: null }),
        outcome: { result: { extraction: null }, userErrors: ['INVALID_INPUT'] },
      },
      gitlab: 'asks nothing',
    },
  ],
  cancelExtraction: [
    {
      document: mutation('cancelExtraction', 'CancelExtractionInput', 'extraction { run status finishedAt }'),
      variables: async (make) => ({ input: await make.cancellation() }),
      works: { result: { extraction: { status: 'CANCELLED', finishedAt: expect.any(String) } } },
      bad: {
        variables: withInput({ idempotencyKey: null }),
        outcome: { result: { extraction: null }, userErrors: ['ALREADY_ENDED'] },
      },
      gitlab: 'asks nothing',
    },
  ],
};

/** Every root field of the schema, with every way to call it that goes another way through the gateway. */
export const ROOT_FIELDS: Readonly<Record<string, readonly Row[]>> = { ...queries, ...mutations };
