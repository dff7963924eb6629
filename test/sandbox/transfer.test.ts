import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Bench } from './ask.ts';

const DAY_MS = 86_400_000;
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.api('POST', '/groups', { body: { name: 'Sec', path: 'sec' } });
});
afterEach(() => bench.sandbox.close());

const group = (path: string, rest = '') => `/groups/${String(bench.group(path))}${rest}`;
const ids = async (path: string) => ((await bench.api('GET', path)).body as { id: number }[]).map((item) => item.id);

describe('moving a group', () => {
  it('takes it with its paths: the old group path is gone, the old project path redirects', async () => {
    const moved = await bench.api('POST', group('acme/ops', '/transfer'), { body: { group_id: bench.group('sec') } });
    expect([moved.status, moved.body]).toEqual([201, expect.objectContaining({ full_path: 'sec/ops' })]);
    expect((await bench.api('GET', '/groups/acme%2Fops')).status).toBe(404);
    expect((await bench.api('GET', '/projects/acme%2Fops%2Fdeploy')).status).toBe(301);
    expect((await bench.api('GET', '/projects/sec%2Fops%2Fdeploy')).status).toBe(200);
    expect(await ids(group('sec', '/subgroups'))).toEqual([bench.group('sec/ops')]);
    expect(await ids(group('acme', '/subgroups'))).toEqual([]);
  });

  it('ends what was inherited: on groups at once, on projects after the delay', async () => {
    bench.sandbox.settings({ authorizationDelayMs: 5_000 });
    const users = `/projects/${String(bench.project('acme/ops/deploy'))}/users`;
    expect(await ids(users)).toContain(bench.user('dana'));
    await bench.api('POST', group('acme/ops', '/transfer'), { body: { group_id: bench.group('sec') } });
    const token = bench.sandbox.tokens.user;
    expect((await bench.api('GET', group('sec/ops', '/members'), { token })).status).not.toBe(200);
    expect(await ids(users)).toContain(bench.user('dana'));
    bench.sandbox.advance(6_000);
    expect(await ids(users)).toEqual([bench.user('root')]);
  });

  it('is refused below itself, where it is already, and without the right', async () => {
    const move = (from: string, to: string, token = bench.sandbox.tokens.admin) =>
      bench.api('POST', group(from, '/transfer'), { token, body: { group_id: bench.group(to) } });
    expect((await move('acme', 'acme/ops')).body).toEqual({
      message: 'Transfer failed: Cannot transfer group to one of its subgroup.',
    });
    expect((await move('acme/ops', 'acme')).status).toBe(400);
    expect((await bench.api('POST', group('acme', '/transfer'))).status).toBe(400);
    expect((await move('acme/ops', 'acme', bench.sandbox.tokens.user)).status).toBe(403);
  });
});

describe('moving a project', () => {
  it('puts it into the other group, by path or number', async () => {
    const id = bench.project('acme/api');
    const moved = await bench.api('PUT', `/projects/${String(id)}/transfer`, { body: { namespace: 'sec' } });
    expect([moved.status, moved.body]).toEqual([200, expect.objectContaining({ path_with_namespace: 'sec/api' })]);
    const back = { namespace: bench.group('acme') };
    expect((await bench.api('PUT', `/projects/${String(id)}/transfer`, { body: back })).status).toBe(200);
    expect((await bench.api('GET', '/projects/sec%2Fapi')).status).toBe(301);
  });

  it('is refused to who is no Owner of it, and where there is no such namespace', async () => {
    const path = `/projects/${String(bench.project('acme/api'))}/transfer`;
    const token = bench.sandbox.tokens.user;
    expect((await bench.api('PUT', path, { token, body: { namespace: 'sec' } })).status).toBe(403);
    expect((await bench.api('PUT', path, { body: { namespace: 'nowhere' } })).status).toBe(404);
    expect((await bench.api('PUT', path, { body: { namespace: 'acme' } })).status).toBe(400);
  });
});

describe('deleting', () => {
  it('marks a group, which can be read until its days are over, and then goes with all below', async () => {
    const path = group('acme', '?with_projects=false');
    const api = `/projects/${String(bench.project('acme/api'))}`;
    expect((await bench.api('DELETE', group('acme'))).status).toBe(202);
    expect((await bench.api('GET', path)).body).toMatchObject({ marked_for_deletion_on: '2026-03-02' });
    bench.sandbox.advance(29 * DAY_MS);
    expect((await bench.api('GET', path)).status).toBe(200);
    bench.sandbox.advance(DAY_MS);
    expect((await bench.api('GET', path)).status).toBe(404);
    expect((await bench.api('GET', api)).status).toBe(404);
  });

  it('marks a project in the same way', async () => {
    const path = `/projects/${String(bench.project('acme/api'))}`;
    expect((await bench.api('DELETE', path)).status).toBe(202);
    expect((await bench.api('GET', path)).body).toMatchObject({ marked_for_deletion_on: '2026-03-02' });
    bench.sandbox.advance(30 * DAY_MS);
    expect((await bench.api('GET', path)).status).toBe(404);
  });
});
