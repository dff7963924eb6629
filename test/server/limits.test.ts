import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBareServer } from './bare.ts';
import type { BareServer } from './bare.ts';

describe('what is refused before it runs', () => {
  let server: BareServer;
  let key: Record<string, string>;
  beforeAll(async () => {
    server = await startBareServer({ introspection: false, corsOrigins: ['https://app.example.com'] });
    key = { authorization: `Bearer ${server.keys.ADMIN}` };
  });
  afterAll(() => server.close());

  it('a body that is not JSON: 400, in the form of a GraphQL error', async () => {
    for (const body of ['{ not json', '', 'null x']) {
      const answer = await server.post(body, key);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      expect(answer.errors[0]?.message).toContain('not JSON');
    }
  });

  it('a body over 256 KiB: 413', async () => {
    const answer = await server.post({ query: '{ viewer { name } }', variables: { x: 'y'.repeat(270_000) } }, key);
    expect(answer.status).toBe(413);
    expect(answer.errors[0]?.message).toContain('256 KiB');
  });

  it('another content type: 415', async () => {
    const answer = await server.post('<query/>', { ...key, 'content-type': 'application/xml' });
    expect(answer.status).toBe(415);
  });

  it('a GET as a page of another site could send it', async () => {
    const response = await fetch(`${server.url}/graphql?query={__typename}`, { headers: key });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  it('a query that is too deep', async () => {
    const deep = `{ connection(name: "a") { group(fullPath: "g") { ${'parent { '.repeat(20)} id ${'}'.repeat(20)} } } }`;
    const answer = await server.ask(deep);
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('16 levels deep');
  });

  it('the deepest question that the product asks is not too deep', async () => {
    const answer = await server.ask(`{ connection(name: "a") { groups { edges { node { projects { nodes {
      members { nodes { grant { history { nodes { grant { base { accessLevel } } } } } } } } } } } } } }`);
    expect(answer.errors).toEqual([]);
    expect(answer.data).toEqual({ connection: null });
  });

  it('a query with too many aliases', async () => {
    const many = Array.from({ length: 300 }, (_value, index) => `a${String(index)}: viewer { name }`).join(' ');
    const answer = await server.ask(`{ ${many} }`);
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('200 aliases');
  });

  it('a query with too many words', async () => {
    const answer = await server.ask(`{ ${'__typename '.repeat(20_001)} }`);
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toContain('tokens');
  });

  it('several queries in one body', async () => {
    const answer = await server.post([{ query: '{ viewer { name } }' }], key);
    expect(answer.status).toBe(400);
  });

  it.each([0, -1, 101])('a page of %d', async (first) => {
    const answer = await server.ask(`{ auditEvents(first: ${String(first)}) { totalCount } }`);
    expect(answer.errors[0]).toMatchObject({ path: ['auditEvents'], extensions: { code: 'BAD_USER_INPUT' } });
    expect(answer.errors[0]?.message).toContain('1 to 100');
  });

  it('a cursor that no list gave', async () => {
    const answer = await server.ask('{ auditEvents(after: "zzz") { totalCount } }');
    expect(answer.errors[0]?.message).toContain('leave it out');
  });

  it('introspection where it is switched off, without a hint at names', async () => {
    const schema = await server.ask('{ __schema { types { name } } }');
    expect(schema.status).toBe(400);
    const typo = await server.ask('{ viewr { name } }');
    expect(typo.errors[0]?.message).not.toContain('Did you mean');
  });

  it('other sites: only origins that were listed may read answers', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${server.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const listed = await preflight('https://app.example.com');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    const other = await preflight('https://evil.example.com');
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example.com');
  });

  it('answers carry headers that keep browsers from guessing, and are not kept by caches', async () => {
    const answer = await server.ask('{ viewer { name } }');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the rate of one address', () => {
  it('is limited: 429 with the time to wait, health answers all the same', async () => {
    const server = await startBareServer({ requestsPerMinute: 3 });
    try {
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1) statuses.push((await server.ask('{ viewer { name } }')).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      const refused = await server.ask('{ viewer { name } }');
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(refused.errors[0]?.message).toContain('Too many requests');
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    } finally {
      await server.close();
    }
  });
});
