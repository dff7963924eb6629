import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Bench } from './ask.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.sandbox.close());

const DAY_MS = 86_400_000;
const list = async (path: string): Promise<{ id: number }[]> => (await bench.api('GET', path)).body as { id: number }[];

describe('deploy tokens', () => {
  const path = (): string => `/groups/${String(bench.group('acme'))}/deploy_tokens`;
  const body = { name: 'pull', scopes: ['read_repository'], expires_at: '2026-03-02T15:00:00Z' };

  it('end on the instant, and call themselves expired only the day after', async () => {
    await bench.api('POST', path(), { body });
    expect(await list(`${path()}?active=true`)).toHaveLength(1);
    bench.sandbox.advance(4 * 3_600_000);
    expect(await list(`${path()}?active=true`)).toEqual([]);
    expect(await list(path())).toEqual([expect.objectContaining({ expired: false, revoked: false })]);
    bench.sandbox.advance(DAY_MS);
    expect(await list(path())).toEqual([expect.objectContaining({ expired: true })]);
  });

  it('stay listed when the pages of GitLab revoked them', async () => {
    const { id } = (await bench.api('POST', path(), { body })).body as { id: number };
    bench.sandbox.edit({ action: 'revokeDeployToken', id });
    expect(await list(path())).toEqual([expect.objectContaining({ id, revoked: true })]);
    expect(await list(`${path()}?active=true`)).toEqual([]);
  });

  it('outlive the membership of who made them, and go with their group', async () => {
    const token = bench.tokenOf('olivia');
    await bench.api('POST', path(), { body, token });
    bench.sandbox.edit({ action: 'remove', what: 'user', id: bench.user('olivia') });
    expect(await list('/deploy_tokens')).toHaveLength(1);
    bench.sandbox.edit({ action: 'remove', what: 'group', id: bench.group('acme') });
    expect(await list('/deploy_tokens')).toEqual([]);
  });

  it('are not made in an archived group, and are read there', async () => {
    bench.sandbox.edit({ action: 'setGroup', id: bench.group('acme'), set: { archived: true } });
    expect((await bench.api('POST', path(), { body })).status).toBe(403);
    expect((await bench.api('GET', path())).status).toBe(200);
  });
});

describe('access tokens', () => {
  it('put their bot in force on projects at once', async () => {
    const path = `/groups/${String(bench.group('acme'))}/access_tokens`;
    const body = { name: 'ci', scopes: ['api'], expires_at: '2026-04-01', access_level: 30 };
    const made = (await bench.api('POST', path, { body })).body as { user_id: number };
    const users = await list(`/projects/${String(bench.project('acme/api'))}/users`);
    expect(users.map((user) => user.id)).toContain(made.user_id);
  });

  it('hide their name from who may not read their group', async () => {
    const path = `/groups/${String(bench.group('acme'))}/access_tokens`;
    const body = { name: 'ci', scopes: ['api'], expires_at: '2026-04-01' };
    const made = (await bench.api('POST', path, { body })).body as { user_id: number };
    bench.sandbox.edit({
      action: 'removeMember',
      sourceKind: 'Group',
      sourceId: bench.group('acme'),
      userId: bench.user('dana'),
    });
    const seen = await bench.api('GET', `/users/${String(made.user_id)}`, { token: bench.sandbox.tokens.user });
    expect(seen.body).toMatchObject({ name: '****', bot: true });
  });
});
