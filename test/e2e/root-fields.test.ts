import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { printedSchema } from '../../scripts/print-schema.ts';
import type { FaultInput } from '../../sandbox/control/faults.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { makerOn } from './maker.ts';
import { ROOT_FIELDS } from './root-fields.ts';
import type { Maker, Outcome, Row, Variables } from './root-fields.ts';

const ROWS: readonly (readonly [string, Row])[] = Object.entries(ROOT_FIELDS).flatMap(([field, rows]) =>
  rows.map((row, index) => [rows.length > 1 ? `${field}, way ${String(index + 1)}` : field, row] as const),
);

let gateway: Gateway;
let maker: Maker;

beforeAll(async () => {
  gateway = await startGateway({ store: 'memory', sandbox: { size: 'small' } });
  maker = makerOn(gateway, await gateway.connect());
}, 120_000);
afterEach(() => {
  gateway.sandbox.clearFaults();
});
afterAll(() => gateway.close());

/** What a request may store, as far as the API shows it; not what the gateway does by itself meanwhile. */
async function stored(): Promise<unknown> {
  const { data, errors } = await gateway.query(`{
    connections { id name status updatedAt report { checkedAt } }
    grants(first: 100) { nodes { id expiresAt } }
    revocations(first: 100) { nodes { id } }
    auditEvents(filter: { actor: "admin" }, first: 1) { totalCount }
  }`);
  expect(errors).toEqual([]);
  return data;
}

type Asked = { document: string; variables: Variables; key?: string | null };

async function comesTo({ document, variables, ...options }: Asked, outcome: Outcome): Promise<void> {
  const { status = 200, codes = [], userErrors = [], result = null, changes = false } = outcome;
  const before = await stored();
  const answer = await gateway.query<{ result: { userErrors?: { code: string }[] } | null } | null>(
    document,
    variables,
    options,
  );
  expect({
    status: answer.status,
    codes: answer.errors.map(({ extensions }) => extensions.code),
    userErrors: answer.data?.result?.userErrors?.map(({ code }) => code) ?? [],
    result: answer.data?.result ?? null,
  }).toMatchObject({ status, codes, userErrors, result });
  const after = await stored();
  if (changes) expect(after).not.toEqual(before);
  else expect(after).toEqual(before);
}

it('the table has every root field of the printed schema, and no other', () => {
  const schema = buildSchema(printedSchema());
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  expect(Object.keys(ROOT_FIELDS).sort()).toEqual(fields.sort());
  expect(Object.values(ROOT_FIELDS).filter((rows) => rows.length === 0)).toEqual([]);
});

const TRIES = 20;

/** The gateway looks at grants by itself too; of some tries in a row, one has GitLab to itself if asking needs no call. */
async function expectNoCalls(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; tries < TRIES; tries += 1) {
    gateway.clearCalls();
    await ask();
    if (gateway.calls() === 0) return;
  }
  expect(gateway.calls()).toBe(0);
}

describe.each(ROWS)('%s', (_field, row) => {
  it('answers', async () => {
    const variables = await row.variables(maker);
    gateway.clearCalls();
    await comesTo({ document: row.document, variables }, row.works);
    if (row.gitlab !== 'asks nothing') expect(gateway.calls()).toBeGreaterThan(0);
    else await expectNoCalls(() => gateway.query(row.document, variables));
  });

  it('refuses bad input, stores nothing and asks GitLab for no change', async () => {
    const { document = row.document, variables: spoil = (good) => good, outcome } = row.bad;
    const variables = spoil(await row.variables(maker));
    gateway.clearCalls();
    await comesTo({ document, variables }, outcome);
    const calls = gateway.sandbox.calls();
    expect(calls.filter(({ method, path }) => method !== 'GET' && path !== '/api/graphql')).toEqual([]);
  });

  it('answers nobody without a key', async () => {
    const variables = await row.variables(maker);
    const outcome = { status: 401, codes: ['UNAUTHENTICATED'] };
    await comesTo({ document: row.document, variables, key: null }, outcome);
    await comesTo({ document: row.document, variables, key: 'somebody-else' }, outcome);
  });
});

type Failing = Exclude<Row['gitlab'], string>;

/** How GitLab fails, and which outcome of the table is due. */
const FAILURES: readonly (readonly [string, keyof Failing, FaultInput])[] = [
  ['GitLab refusing with 403', 'refused', { kind: 'refuse', status: 403, times: 1_000 }],
  ['GitLab refusing with 404', 'refused', { kind: 'refuse', status: 404, times: 1_000 }],
  ['GitLab down with 503', 'down', { kind: '503', times: 1_000 }],
];

const due = (row: Row, kind: keyof Failing): Outcome => (row.gitlab === 'asks nothing' ? row.works : row.gitlab[kind]);

describe.each(FAILURES)('%s', (_name, kind, fault) => {
  it.each(ROWS)('%s', async (_field, row) => {
    const variables = await row.variables(maker);
    gateway.sandbox.fault(fault);
    await comesTo({ document: row.document, variables }, due(row, kind));
  });
});

describe('GitLab where nothing listens any more', () => {
  const prepared = new Map<string, Variables>();
  beforeAll(async () => {
    for (const [field, row] of ROWS) prepared.set(field, await row.variables(maker));
    await gateway.sandbox.close();
  }, 60_000);

  it.each(ROWS)('%s', async (field, row) => {
    await comesTo({ document: row.document, variables: prepared.get(field) ?? {} }, due(row, 'down'));
  });
});
