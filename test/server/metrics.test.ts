import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, PROJECTS, STORES, USERS, startScene } from '../grants/scene.ts';
import type { Scene } from '../grants/scene.ts';
import { startBareServer } from './bare.ts';
import { fakeConnection } from './fake-connection.ts';

async function scrape(url: string, key?: string): Promise<{ status: number; type: string; text: string }> {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

/** The value of the one line that begins with this name (and labels); null where there is none. */
function valueOf(text: string, line: string): number | null {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? null : Number(found.slice(line.length + 1));
}

describe('/metrics', () => {
  it('answers an administrator only, unless it was made public', async () => {
    const server = await startBareServer();
    try {
      expect((await scrape(server.url)).status).toBe(401);
      expect((await scrape(server.url, 'gatehouse_unknown')).status).toBe(401);
      expect((await scrape(server.url, server.keys.APPROVER)).status).toBe(403);
      const shown = await scrape(server.url, server.keys.ADMIN);
      expect(shown).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') });
      expect(valueOf(shown.text, 'gatehouse_store_up')).toBe(1);
      expect(shown.text).toContain('process_resident_memory_bytes');
    } finally {
      await server.close();
    }
    const open = await startBareServer({ metricsPublic: true });
    expect((await scrape(open.url)).status).toBe(200);
    await open.close();
  }, 120_000);

  it('shows every connection and whether its token works, and nothing of one that is gone', async () => {
    let connections = [{ ...fakeConnection('main "x"'), status: 'DEGRADED' as const }];
    const server = await startBareServer({ connections: { list: () => Promise.resolve(connections) } });
    try {
      const line = String.raw`gatehouse_connection_degraded{connection="Q29ubmVjdGlvbjox",name="main \"x\""}`;
      expect(valueOf((await scrape(server.url, server.keys.ADMIN)).text, line)).toBe(1);
      connections = [];
      expect(valueOf((await scrape(server.url, server.keys.ADMIN)).text, line)).toBeNull();
    } finally {
      await server.close();
    }
  });

  it('counts alerts, errors of jobs and calls by what they came to', async () => {
    const server = await startBareServer();
    try {
      const { metrics } = server;
      metrics.grantEvent({ kind: 'alert', code: 'OVERDUE' });
      metrics.jobsError();
      const call = { priority: 'query', durationMs: 20, failure: null, requestId: null, connectionId: '1' } as const;
      metrics.gitlabCall({ ...call, method: 'POST', path: '/api/graphql', status: 200 });
      metrics.gitlabCall({ ...call, method: 'GET', path: '/api/v4/user', status: 429 });
      metrics.gitlabCall({ ...call, method: 'DELETE', path: '/api/v4/x', status: null, connectionId: null });
      const { text } = await scrape(server.url, server.keys.ADMIN);
      expect(valueOf(text, 'gatehouse_alerts_total{code="OVERDUE"}')).toBe(1);
      expect(valueOf(text, 'gatehouse_job_errors_total')).toBe(1);
      const calls = 'gatehouse_gitlab_call_duration_seconds_count';
      const ours = 'connection="Q29ubmVjdGlvbjox"';
      expect(valueOf(text, `${calls}{${ours},kind="graphql",outcome="ok"}`)).toBe(1);
      expect(valueOf(text, `${calls}{${ours},kind="read",outcome="rate_limited"}`)).toBe(1);
      expect(valueOf(text, `${calls}{connection="unsaved",kind="write",outcome="no_answer"}`)).toBe(1);
    } finally {
      await server.close();
    }
  });

  it('still answers what the process knows while the store does not answer', async () => {
    const server = await startBareServer({ metricsPublic: true });
    try {
      await server.store.db.destroy();
      const { status, text } = await scrape(server.url);
      expect(status).toBe(200);
      expect(valueOf(text, 'gatehouse_store_up')).toBe(0);
      expect(text).not.toContain('gatehouse_grants{');
      expect(text).toContain('process_resident_memory_bytes');
    } finally {
      await server.close();
    }
  });
});

describe.each(STORES)('/metrics of a working gateway, on the %s store', (store) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ store });
  }, 120_000);
  afterAll(() => scene.close());
  const metrics = async () => (await scrape(scene.gateway.url(), scene.gateway.adminKey)).text;

  it('a grant is counted through its life, an end that cannot be proven shows as overdue, and how late it was after', async () => {
    const { grant } = await scene.grant(USERS.niaj, { project: PROJECTS.tooling });
    expect(grant?.status).toBe('ACTIVE');
    expect(valueOf(await metrics(), 'gatehouse_grants{status="ACTIVE"}')).toBe(1);
    scene.gateway.sandbox.fault({ path: '/api/', kind: '503', times: 1_000 });
    await scene.gateway.advance(2 * HOUR_MS + 1_000);
    await scene.until('the end shows as overdue', async () => {
      return valueOf(await metrics(), 'gatehouse_overdue_revokes') === 1;
    });
    scene.gateway.sandbox.clearFaults();
    await scene.gateway.advance(61_000);
    await scene.until('it has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
    const text = await metrics();
    expect(valueOf(text, 'gatehouse_grants{status="ENDED"}')).toBe(1);
    expect(valueOf(text, 'gatehouse_overdue_revokes')).toBe(0);
    expect(valueOf(text, 'gatehouse_keys_due')).toBe(0);
    expect(valueOf(text, 'gatehouse_expiry_verified_seconds_count')).toBe(1);
    expect(valueOf(text, 'gatehouse_expiry_verified_seconds_sum')).toBeGreaterThan(1);
    expect(valueOf(text, 'gatehouse_reconcile_duration_seconds_count{outcome="done"}')).toBeGreaterThan(1);
    const connection = `connection="${scene.connectionId}"`;
    const calls = 'gatehouse_gitlab_call_duration_seconds_count';
    expect(valueOf(text, `${calls}{${connection},kind="write",outcome="ok"}`)).toBeGreaterThan(1);
    expect(valueOf(text, `${calls}{${connection},kind="read",outcome="broken"}`)).toBeGreaterThan(0);
  }, 60_000);
});
