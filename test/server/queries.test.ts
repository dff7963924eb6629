import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';

type Audit = {
  auditEvents: {
    nodes: { sequence: number; action: string; actor: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
};

const GRANT = `mutation($input: GrantAccessInput!) { grantAccess(input: $input) { grant { id status } userErrors { code message } } }`;
const NODE = 'query($id: ID!) { node(id: $id) { __typename id } }';

describe('viewer, node and audit events through HTTP', () => {
  let gateway: Gateway;
  let connectionId: string;
  let grantId: string;
  let groupId: string;

  beforeAll(async () => {
    gateway = await startGateway({ store: 'memory' });
    connectionId = await gateway.connect();
    const input = {
      connectionId,
      user: { username: 'dana' },
      target: { project: 'acme/ops/deploy' },
      accessLevel: 'MAINTAINER',
      duration: 'PT2H',
      reason: 'the release',
    };
    const granted = await gateway.query<{ grantAccess: { grant: { id: string } | null } }>(GRANT, { input });
    expect(granted.errors).toEqual([]);
    grantId = granted.data.grantAccess.grant?.id ?? '';
    const group = await gateway.query<{ connection: { group: { id: string } } }>(
      '{ connection(name: "sandbox") { group(fullPath: "acme") { id } } }',
    );
    groupId = group.data.connection.group.id;
  }, 120_000);
  afterAll(() => gateway.close());
  afterEach(() => {
    gateway.sandbox.clearFaults();
  });

  const audit = async (args: string, variables?: Record<string, unknown>): Promise<Audit['auditEvents']> => {
    const names = variables === undefined ? '' : '($id: ID!)';
    const { data, errors } = await gateway.query<Audit>(
      `query${names} { auditEvents${args} { nodes { sequence action actor } pageInfo { hasNextPage endCursor } totalCount } }`,
      variables,
    );
    expect(errors).toEqual([]);
    return data.auditEvents;
  };

  it('no root field answers without a key', async () => {
    for (const field of [
      'viewer { name }',
      'connections { id }',
      'auditEvents { totalCount }',
      'grants { totalCount }',
    ]) {
      const answer = await gateway.query(`{ ${field} }`, {}, { key: null });
      expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  it('a grant is found by its id with its history, newest first, and each event leads back to it', async () => {
    type Found = {
      node: { history: { nodes: { action: string; grant: { id: string }; connection: { id: string } }[] } };
    };
    const { data, errors } = await gateway.query<Found>(
      `query($id: ID!) { node(id: $id) { ... on Grant { history { nodes { action grant { id } connection { id } } } } } }`,
      { id: grantId },
    );
    expect(errors).toEqual([]);
    const { nodes } = data.node.history;
    expect(nodes.at(-1)).toEqual({
      action: 'GRANT_REQUESTED',
      grant: { id: grantId },
      connection: { id: connectionId },
    });
    expect(nodes.map(({ action }) => action)).toContain('GRANT_ACTIVATED');
  });

  it('audit events are paged to the end without a gap, newest first', async () => {
    const whole = await audit('(first: 100)');
    expect(whole.nodes.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: whole.totalCount }, (_event, index) => whole.totalCount - index),
    );
    const seen: number[] = [];
    let after: string | null = null;
    for (;;) {
      const page = await audit(`(first: 2${after === null ? '' : `, after: "${after}"`})`);
      seen.push(...page.nodes.map(({ sequence }) => sequence));
      expect(page.totalCount).toBe(whole.totalCount);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen).toEqual(whole.nodes.map(({ sequence }) => sequence));
  });

  it('audit events are narrowed by every part of the filter', async () => {
    const saved = await audit('(filter: {action: "CONNECTION_SAVED", actor: "admin"})');
    expect(saved.nodes).toMatchObject([{ action: 'CONNECTION_SAVED', actor: 'admin' }]);
    const ofGrant = await audit('(filter: {grantId: $id})', { id: grantId });
    expect(ofGrant.totalCount).toBeGreaterThan(1);
    expect((await audit('(filter: {connectionId: $id})', { id: connectionId })).totalCount).toBeGreaterThan(
      ofGrant.totalCount,
    );
    expect((await audit('(filter: {actor: "nobody"})')).totalCount).toBe(0);
    expect((await audit('(filter: {until: "2000-01-01T00:00:00Z"})')).totalCount).toBe(0);
    expect((await audit('(filter: {since: "2000-01-01T00:00:00Z"})')).totalCount).toBe((await audit('')).totalCount);
  });

  it('GitLab refusing a node is a top-level error on its field, never null in silence', async () => {
    gateway.sandbox.fault({ kind: 'refuse', status: 403, times: 50 });
    const answer = await gateway.query(NODE, { id: groupId });
    expect(answer.data).toEqual({ node: null });
    expect(answer.errors[0]).toMatchObject({ path: ['node'], extensions: { code: 'UPSTREAM_FORBIDDEN' } });
  });

  it('GitLab being down is UPSTREAM_UNAVAILABLE, and what is ours is answered all the same', async () => {
    gateway.sandbox.fault({ kind: 'cut-before', times: 50 });
    const answer = await gateway.query(`query($id: ID!) { node(id: $id) { id } grants { totalCount } }`, {
      id: groupId,
    });
    expect(answer.data).toEqual({ node: null, grants: { totalCount: 1 } });
    expect(answer.errors[0]).toMatchObject({ path: ['node'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } });
  });

  it('a thing of a connection that is gone is null, as anything that is gone', async () => {
    const id = Buffer.from('Group:4711:1').toString('base64url');
    expect(await gateway.query(NODE, { id })).toMatchObject({ status: 200, data: { node: null }, errors: [] });
  });
});
