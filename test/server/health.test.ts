import { describe, expect, it } from '@jest/globals';
import { startBareServer } from './bare.ts';
import { fakeConnection } from './fake-connection.ts';

async function read(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

describe('health', () => {
  it('/healthz answers without a key while the process lives; /readyz only while the store answers and the jobs run', async () => {
    const server = await startBareServer();
    try {
      expect(await read(`${server.url}/healthz`)).toEqual({ status: 200, body: { status: 'ok' } });
      expect(await read(`${server.url}/readyz`)).toEqual({
        status: 200,
        body: { ready: true, checks: { store: true, jobs: true }, reasons: [], warnings: [] },
      });
      server.setJobsRunning(false);
      expect(await read(`${server.url}/readyz`)).toMatchObject({
        status: 503,
        body: { ready: false, checks: { jobs: false }, reasons: [expect.stringContaining('closing')] },
      });
      await server.store.db.destroy();
      expect(await read(`${server.url}/readyz`)).toMatchObject({
        status: 503,
        body: { checks: { store: false }, reasons: [expect.stringContaining('store'), expect.anything()] },
      });
      expect((await read(`${server.url}/healthz`)).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  it('/readyz warns of a GitLab whose clock differs by more than 5 seconds, without naming it (S21)', async () => {
    let skewMs = 4900;
    const server = await startBareServer({
      connections: {
        list: () => Promise.resolve([fakeConnection('secret-name')]),
        clientFor: () => Promise.resolve({ health: () => ({ clockSkewMs: skewMs, rateLimit: null }) } as never),
      },
    });
    try {
      expect(await read(`${server.url}/readyz`)).toMatchObject({ status: 200, body: { warnings: [] } });
      skewMs = -12_000;
      const warned = await read(`${server.url}/readyz`);
      expect(warned).toMatchObject({ status: 200, body: { warnings: [expect.stringContaining('12 s behind')] } });
      expect(JSON.stringify(warned)).not.toContain('secret-name');
    } finally {
      await server.close();
    }
  });

  it('/readyz warns of a token that no longer works, without naming the connection', async () => {
    const server = await startBareServer({
      connections: {
        list: () =>
          Promise.resolve([{ ...fakeConnection('secret-name'), status: 'DEGRADED', statusReason: 'expired' }]),
        clientFor: () => Promise.resolve({ health: () => ({ clockSkewMs: 0, rateLimit: null }) } as never),
      },
    });
    try {
      const warned = await read(`${server.url}/readyz`);
      expect(warned).toMatchObject({
        status: 200,
        body: { ready: true, warnings: [expect.stringContaining('token')] },
      });
      expect(JSON.stringify(warned)).not.toContain('secret-name');
    } finally {
      await server.close();
    }
  });

  it('any other address answers 404 and says where to go', async () => {
    const server = await startBareServer();
    try {
      const { status, body } = await read(`${server.url}/elsewhere`);
      expect(status).toBe(404);
      expect(JSON.stringify(body)).toContain('/graphql');
    } finally {
      await server.close();
    }
  });
});
