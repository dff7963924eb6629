import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { GROUPS, PROJECTS, TOKENS, USERS } from '../../sandbox/seed/index.ts';
import { readSdl } from '../../src/server/sdl.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { QUERY_ARGUMENTS, objectTypesOf, operationOf, selectedBy } from './everything.ts';
import type { Arguments } from './everything.ts';

const schema = buildSchema(readSdl());
const fieldsOf = (type: { getFields(): object } | null | undefined): string[] => Object.keys(type?.getFields() ?? {});

const GIVEN: Arguments = {
  ...QUERY_ARGUMENTS,
  ...Object.fromEntries(fieldsOf(schema.getMutationType()).map((name) => [`Mutation.${name}`, 'input: $input'])),
};

const QUERIES = operationOf(schema, 'query', fieldsOf(schema.getQueryType()), GIVEN, '$id: ID!');
const mutationOf = (name: string): string => {
  const input = schema.getMutationType()?.getFields()[name]?.args[0];
  return operationOf(schema, 'mutation', [name], GIVEN, `$input: ${String(input?.type)}`);
};

let gateway: Gateway;
/** Names of the types that answers held. */
const answered = new Set<string>();

beforeAll(async () => {
  gateway = await startGateway({ store: 'memory', sandbox: { size: 'small' } });
}, 120_000);
afterAll(() => gateway.close());

function collect(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('__typename' in value) answered.add(String(value.__typename));
  Object.values(value).forEach(collect);
}

async function paste<T>(document: string, variables: Record<string, unknown>): Promise<T> {
  const { status, data, errors } = await gateway.query(document, variables);
  expect({ status, errors }).toEqual({ status: 200, errors: [] });
  collect(data);
  return data as T;
}

type Payload = Record<string, { userErrors: object[]; [thing: string]: unknown }>;

async function change(name: string, input: object): Promise<Payload[string]> {
  const payload = (await paste<Payload>(mutationOf(name), { input }))[name];
  expect(payload?.userErrors).toEqual([]);
  return payload ?? { userErrors: [] };
}

const idOf = (thing: unknown): string => String((thing as { id?: unknown } | null)?.id);

async function endOf(extractionId: string): Promise<void> {
  type Seen = { node: { status: string } };
  const asked = 'query ($id: ID!) { node(id: $id) { ... on Extraction { status } } }';
  const status = async () => (await gateway.query<Seen>(asked, { id: extractionId })).data.node.status;
  while ((await status()) === 'RUNNING') await pause(20);
  expect(await status()).toBe('DONE');
}

it('every mutation with every field of its answer works when pasted, one after the other', async () => {
  // An administrator's token, to which GitLab refuses nothing.
  const address = { baseUrl: gateway.sandbox.url, token: TOKENS.admin };
  const root = [...gateway.sandbox.world.users.values()].find(({ username }) => username === USERS.root);
  const added = gateway.sandbox.edit({ action: 'addToken', userId: root?.id ?? 0, scopes: ['api', 'admin_mode'] });
  const user = { username: USERS.eve };
  const target = { project: PROJECTS.tooling };
  await change('testConnection', address);
  const connectionId = idOf((await change('saveConnection', { ...address, name: 'first' }))['connection']);
  await change('updateConnection', { connectionId, name: 'everything', token: added['token'] });
  await change('rotateHookSecret', { connectionId });
  const asked = { connectionId, user, target, accessLevel: 'MAINTAINER', duration: 'PT2H', reason: 'all of it' };
  const grantId = idOf((await change('grantAccess', { ...asked, ticket: 'ALL-1' }))['grant']);
  await change('extendGrant', { grantId, duration: 'PT1H', reason: 'not done' });
  await change('revokeAccess', { access: { grantId }, reason: 'done' });
  await change('grantAccess', { ...asked, user: { username: USERS.trent }, target: { group: GROUPS.core } });
  gateway.sandbox.fault({ method: 'POST', path: '/members', kind: 'cut-before', times: 1 });
  await change('grantAccess', { ...asked, user: { username: USERS.niaj } });
  const membership = { connectionId, user: { username: USERS.bob }, target: { group: GROUPS.platform } };
  await change('revokeAccess', { access: { membership }, reason: 'has left' });
  // What an extraction asks by itself, to know whether it would be shown other people's tokens.
  const probe = { method: 'GET', path: '/users/[0-9]+/memberships' };
  gateway.sandbox.fault({ ...probe, kind: 'refuse', status: 404 });
  await endOf(idOf((await change('startExtraction', { connectionId }))['extraction']));
  gateway.sandbox.fault({ ...probe, kind: 'delay', delayMs: 600_000 });
  const held = idOf((await change('startExtraction', { connectionId }))['extraction']);
  await change('cancelExtraction', { extractionId: held });
  gateway.sandbox.clearFaults();
  const spare = await change('saveConnection', { ...address, name: 'spare' });
  await change('rotateConnectionToken', { connectionId: idOf(spare['connection']) });
  await change('deleteConnection', { connectionId: idOf(spare['connection']) });
}, 60_000);

it('every query with every field below it works when pasted, for a node of each kind', async () => {
  type Id = { id: string };
  const { data } = await gateway.query<{
    connection: Record<'self' | 'group' | 'project' | 'user' | 'lastExtraction', Id> &
      Id & { accessTokens: { nodes: Id[] } };
    grants: { nodes: Id[] };
    revocations: { nodes: Id[] };
    auditEvents: { nodes: Id[] };
  }>(`{
    connection(name: "everything") {
      id group(fullPath: "${GROUPS.payments}") { id } project(fullPath: "${PROJECTS.tooling}") { id }
      user(username: "${USERS.eve}") { id } accessTokens { nodes { id } } lastExtraction { id }
    }
    grants { nodes { id } } revocations { nodes { id } } auditEvents { nodes { id } }
  }`);
  const { connection, grants, revocations, auditEvents } = data;
  const { group, project, user, accessTokens, lastExtraction } = connection;
  const things = [connection, group, project, user, accessTokens.nodes[0], lastExtraction];
  for (const thing of [...things, grants.nodes[0], revocations.nodes[0], auditEvents.nodes[0]]) {
    const { node } = await paste<{ node: Id | null }>(QUERIES, { id: thing?.id });
    expect(node?.id).toBe(thing?.id);
  }
}, 60_000);

it('these documents hold every field of every type, and the answers a thing of every type', () => {
  const types = objectTypesOf(schema);
  const documents = [QUERIES, ...fieldsOf(schema.getMutationType()).map(mutationOf)];
  const selected = selectedBy(schema, documents);
  const all = types.flatMap((type) => fieldsOf(type).map((field) => `${type.name}.${field}`));
  expect(all.filter((field) => !selected.has(field))).toEqual([]);
  // Nothing here is refused, and what outlives a grant is read some time after its end: test/grants shows both.
  const elsewhere = ['Query', 'Mutation', 'UserError', 'Residue', 'ResidueItem'];
  const own = types.map(({ name }) => name).filter((name) => !elsewhere.includes(name));
  expect(own.filter((name) => !answered.has(name))).toEqual([]);
});
