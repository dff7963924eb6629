import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openBench, type Bench } from './ask.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ settings: { authorizationDelayMs: 0 } });
});
afterAll(() => bench.sandbox.close());

const field = (body: unknown, name: string): unknown[] => (body as Record<string, unknown>[]).map((item) => item[name]);

describe('groups', () => {
  it('shows non-admins the groups they belong to, administrators all, and public ones on request', async () => {
    await bench.api('POST', '/groups', { body: { name: 'Open', path: 'open', visibility: 'public' } });
    const token = bench.sandbox.tokens.user;
    expect(field((await bench.api('GET', '/groups', { token })).body, 'full_path')).toEqual(['acme', 'acme/ops']);
    const all = await bench.api('GET', '/groups?all_available=true', { token });
    expect(field(all.body, 'full_path')).toEqual(['acme', 'open', 'acme/ops']);
    expect(field((await bench.api('GET', '/groups')).body, 'full_path')).toEqual(['acme', 'open', 'acme/ops']);
    const owned = await bench.api('GET', '/groups?owned=true', { token: bench.sandbox.tokens.owner });
    expect(field(owned.body, 'full_path')).toEqual(['acme']);
    expect((await bench.api('GET', '/groups?min_access_level=5')).body).toEqual({
      error: 'min_access_level does not have a valid value',
    });
  });

  it('finds a group by id and by path in any letter case, never by an old path', async () => {
    const id = bench.group('open');
    expect((await bench.api('GET', '/groups/OPEN?with_projects=false')).body).toMatchObject({ id });
    bench.sandbox.edit({ action: 'renameGroup', id, path: 'wide' });
    expect((await bench.api('GET', '/groups/open')).body).toEqual({ message: '404 Group Not Found' });
    expect((await bench.api('GET', '/groups/wide')).body).toMatchObject({ id, projects: [], shared_projects: [] });
  });

  it('tells by its keys what is licensed and synced', async () => {
    const id = bench.group('acme');
    const path = `/groups/${String(id)}?with_projects=false`;
    const keys = async (): Promise<string[]> => Object.keys((await bench.api('GET', path)).body as object);
    expect(await keys()).toEqual(
      expect.arrayContaining(['membership_lock', 'ip_restriction_ranges', 'service_access_tokens_expiration_enforced']),
    );
    expect(await keys()).not.toContain('ldap_group_links');
    bench.sandbox.edit({ action: 'setGroup', id, set: { samlLinks: [{ name: 'ops', accessLevel: 30 }] } });
    expect(await keys()).toContain('saml_group_links');
    bench.sandbox.edit({ action: 'setGroup', id, set: { samlLinks: [] } });
    bench.sandbox.settings({ plan: 'free' });
    expect(await keys()).not.toContain('ip_restriction_ranges');
    bench.sandbox.settings({ edition: 'ce' });
    expect(await keys()).not.toContain('membership_lock');
    bench.sandbox.settings({ edition: 'ee', plan: 'ultimate' });
  });

  it('gives whoever creates a group a direct Owner row without an author', async () => {
    const body = { name: 'Sub', path: 'sub', parent_id: bench.group('acme') };
    const made = await bench.api('POST', '/groups', { body, token: bench.tokenOf('olivia') });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ full_path: 'acme/sub' })]);
    const rows = await bench.api('GET', '/groups/acme%2Fsub/members');
    expect(rows.body).toEqual([expect.objectContaining({ username: 'olivia', access_level: 50 })]);
    expect((rows.body as object[])[0]).not.toHaveProperty('created_by');
  });

  it('marks a group for deletion with 202 and deletes it when its time is over', async () => {
    const id = String(bench.group('acme/sub'));
    expect((await bench.api('DELETE', `/groups/${id}`)).body).toEqual({ message: '202 Accepted' });
    expect((await bench.api('GET', `/groups/${id}`)).body).toMatchObject({ marked_for_deletion_on: '2026-03-02' });
    bench.sandbox.advance(31 * 86_400_000);
    expect((await bench.api('GET', `/groups/${id}`)).status).toBe(404);
  });

  it('shares: 201, then 409; without the right 404; closing without the right is 204 and closes nothing', async () => {
    const path = `/groups/${String(bench.group('acme'))}/share`;
    const body = { group_id: bench.group('wide'), group_access: 30 };
    const token = bench.sandbox.tokens.user;
    expect((await bench.api('POST', path, { body, token })).body).toEqual({ message: 'Not Found' });
    expect((await bench.api('POST', path, { body })).body).toMatchObject({
      shared_with_groups: [{ group_full_path: 'wide', group_access_level: 30 }],
    });
    expect((await bench.api('POST', path, { body })).status).toBe(409);
    const link = `${path}/${String(body.group_id)}`;
    expect((await bench.api('DELETE', link, { token })).status).toBe(204);
    expect((await bench.api('DELETE', link)).status).toBe(204);
    expect((await bench.api('DELETE', link)).body).toEqual({ message: '404 Group Link Not Found' });
  });
});

describe('projects', () => {
  it('lists the projects below a group, simple ones with their namespace', async () => {
    const query = 'include_subgroups=true&with_shared=false&simple=true&order_by=id&sort=asc';
    const answer = await bench.api('GET', `/groups/acme/projects?${query}`);
    expect(field(answer.body, 'path_with_namespace')).toEqual(['acme/api', 'acme/ops/deploy']);
    expect(field(answer.body, 'namespace')[1]).toMatchObject({ kind: 'group', full_path: 'acme/ops' });
  });

  it('pages by keyset while there are rows', async () => {
    const first = await bench.api('GET', '/projects?pagination=keyset&order_by=id&sort=asc&per_page=1');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect([field(first.body, 'id'), next]).toEqual([[1], expect.stringContaining('id_after=1')]);
    expect((await bench.api('GET', '/projects?pagination=keyset&order_by=name')).body).toEqual({
      error: 'Keyset pagination is not yet available for this type of request',
    });
    const last = await bench.api('GET', '/projects?pagination=keyset&order_by=id&sort=asc&id_after=2');
    expect([last.body, last.headers.get('link')]).toEqual([[], null]);
  });

  it('gives a personal project to its holder, whom nobody can remove', async () => {
    const token = bench.sandbox.tokens.user;
    const made = await bench.api('POST', '/projects', { body: { name: 'Mine' }, token });
    expect(made.body).toMatchObject({ path_with_namespace: 'dana/mine', namespace: { kind: 'user' } });
    const id = String(bench.project('dana/mine'));
    const row = `/projects/${id}/members/${String(bench.user('dana'))}`;
    expect((await bench.api('DELETE', row, { token })).status).toBe(403);
    expect((await bench.api('DELETE', row)).status).toBe(403);
    expect((await bench.api('GET', row)).body).toMatchObject({ access_level: 50 });
  });

  it("adds no row for the creator of a group's project and authorizes nobody else before the delay", async () => {
    bench.sandbox.settings({ authorizationDelayMs: 4_000 });
    const body = { name: 'Fresh', namespace_id: bench.group('acme/ops') };
    await bench.api('POST', '/projects', { body, token: bench.tokenOf('olivia') });
    const id = String(bench.project('acme/ops/fresh'));
    expect((await bench.api('GET', `/projects/${id}/members`)).body).toEqual([]);
    const users = async (): Promise<unknown[]> =>
      field((await bench.api('GET', `/projects/${id}/users`)).body, 'username');
    expect(await users()).toEqual(['olivia']);
    bench.sandbox.advance(4_000);
    expect(await users()).toContain('dana');
  });
});

describe('pages', () => {
  it('carry the offset headers, with nothing after the last page', async () => {
    const answer = await bench.api('GET', '/users?per_page=3&page=2&order_by=id&sort=asc');
    const { headers } = answer;
    const names = ['x-page', 'x-per-page', 'x-next-page', 'x-prev-page', 'x-total', 'x-total-pages'];
    expect(names.map((name) => headers.get(name))).toEqual(['2', '3', '', '1', '4', '2']);
    expect(headers.get('link')).toMatch(/rel="prev", .*rel="first", .*rel="last"/);
    const beyond = await bench.api('GET', '/users?per_page=3&page=9');
    expect([beyond.body, beyond.headers.get('x-next-page')]).toEqual([[], '']);
  });

  it('clamp per_page to 100 and refuse 0', async () => {
    expect((await bench.api('GET', '/users?per_page=500')).headers.get('x-per-page')).toBe('100');
    const zero = await bench.api('GET', '/users?per_page=0');
    expect([zero.status, zero.body]).toEqual([400, { error: 'per_page has a value not allowed' }]);
  });

  it('end an offset on users at fifty thousand and go on by keyset', async () => {
    const far = await bench.api('GET', '/users?per_page=100&page=501');
    expect([far.status, (far.body as { error: string }).error]).toEqual([405, expect.stringContaining('50000')]);
    const first = await bench.api('GET', '/users?pagination=keyset&per_page=2');
    const cursor = first.headers.get('x-next-cursor') ?? '';
    const second = await bench.api('GET', `/users?pagination=keyset&per_page=2&cursor=${cursor}`);
    expect([...field(first.body, 'id'), ...field(second.body, 'id')]).toEqual([4, 3, 2, 1]);
    expect(second.headers.get('link')).toBeNull();
  });
});
