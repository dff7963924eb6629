import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECTS, STORES, USERS, startScene } from '../grants/scene.ts';
import type { Scene } from '../grants/scene.ts';
import { startBareServer } from './bare.ts';

const TOOLING = { project: PROJECTS.tooling };
const ROTATE = `mutation Rotate($input: RotateHookSecretInput!) {
  rotateHookSecret(input: $input) { secret path userErrors { code field } }
}`;
type Rotated = {
  rotateHookSecret: { secret: string | null; path: string | null; userErrors: { code: string }[] };
};

describe.each(STORES)('hooks of GitLab, on the %s store', (store) => {
  let scene: Scene;
  let secret: string;
  let path: string;

  const rotate = async (input: object) =>
    (await scene.gateway.query<Rotated>(ROTATE, { input: { connectionId: scene.connectionId, ...input } })).data
      .rotateHookSecret;

  /** Posts as GitLab would. */
  async function post(body: object | string, options: { token?: string | null; to?: string } = {}) {
    const { token = secret, to = path } = options;
    const response = await fetch(`${scene.gateway.url()}${to}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-gitlab-event': 'System Hook',
        ...(token === null ? {} : { 'x-gitlab-token': token }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  async function gitlabIds(): Promise<{ user: number; project: number }> {
    const user = (await scene.gitlab('GET', `/users?username=${USERS.niaj}`)).json as { id: number }[];
    const project = (await scene.gitlab('GET', `/projects/${encodeURIComponent(PROJECTS.tooling)}`)).json;
    return { user: user[0]?.id ?? 0, project: (project as { id: number }).id };
  }
  async function removed(): Promise<object> {
    const { user, project } = await gitlabIds();
    return { event_name: 'user_remove_from_team', project_id: project, user_id: user, access_level: 'Maintainer' };
  }
  /** Somebody takes the person out of the project. */
  async function takeOut(): Promise<void> {
    const { user, project } = await gitlabIds();
    expect((await scene.gitlab('DELETE', `/projects/${String(project)}/members/${String(user)}`)).status).toBe(204);
  }
  const active = async (): Promise<string> => {
    const { grant } = await scene.grant(USERS.niaj, TOOLING);
    expect(grant).toMatchObject({ status: 'ACTIVE', effect: 'ADDED' });
    await scene.gateway.sandbox.hooksDelivered();
    return grant?.id ?? '';
  };
  const ended = (id: string) =>
    scene.until('the grant has ended', async () => (await scene.see(id)).status === 'ENDED');
  /** What happened to a grant, without what is noted of it after its end. */
  const actions = async (id: string) =>
    (await scene.audit(id)).map(({ action }) => action).filter((action) => action !== 'GRANT_UPDATED');
  /** Our own writes are told by hooks too: lets the looks that they ask for pass. */
  const quiet = async (): Promise<void> => {
    await scene.gateway.sandbox.hooksDelivered();
    let before = -1;
    await scene.until('GitLab is asked nothing more', async () => {
      const same = scene.gateway.calls() === before;
      before = scene.gateway.calls();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return same && scene.gateway.calls() === before;
    });
    scene.gateway.clearCalls();
  };

  beforeAll(async () => {
    scene = await startScene({ store });
    const made = await rotate({});
    [secret, path] = [made.secret ?? '', made.path ?? ''];
    const url = `${scene.gateway.url()}${path}`;
    expect((await scene.gitlab('POST', '/hooks', { url, token: secret })).status).toBe(201);
  }, 120_000);
  afterAll(() => scene.close());
  beforeEach(() => {
    scene.gateway.clearCalls();
  });

  it('a change by hand that GitLab tells of is acted on at once, without waiting for a poll', async () => {
    const id = await active();
    await takeOut();
    await ended(id);
    expect(await scene.see(id)).toMatchObject({ endReason: 'OUTSIDE_CHANGE' });
    expect(await scene.row(USERS.niaj, TOOLING)).toBeNull();
  });

  it('a hook that is delivered twice, and one that comes late, change nothing more', async () => {
    const id = await active();
    scene.gateway.sandbox.hookFault({ kind: 'duplicated', event: 'user_remove_from_team' });
    await takeOut();
    await ended(id);
    await scene.gateway.sandbox.hooksDelivered();
    const before = await actions(id);
    const again = await active();
    expect(await post(await removed())).toEqual({ status: 204, text: '' });
    scene.gateway.sandbox.hookFault({ kind: 'reordered', event: 'user_remove_from_team' });
    await scene.revokeGrant(again);
    await scene.gateway.sandbox.hooksDelivered();
    expect(await actions(id)).toEqual(before);
    expect(before.filter((action) => action === 'GRANT_ENDED')).toHaveLength(1);
    expect(await scene.see(again)).toMatchObject({ status: 'ENDED', endReason: 'REVOKED' });
  });

  it('a hook that is lost costs time only: the next one about that person shows what was missed', async () => {
    const id = await active();
    scene.gateway.sandbox.hookFault({ kind: 'lost', event: 'user_remove_from_team' });
    await takeOut();
    await scene.gateway.sandbox.hooksDelivered();
    const { user } = await gitlabIds();
    await post({ event_name: 'user_update_for_group', group_id: 1, user_id: user });
    await ended(id);
  });

  it('a hook that comes while its key is being looked at is not lost', async () => {
    const id = await active();
    const told = await removed();
    await quiet();
    // The row is read at once, the person once the row has changed: what changed between is seen only by another look.
    const { sandbox } = scene.gateway;
    sandbox.fault({ path: '^/api/graphql', kind: 'delay', delayMs: 60_000, times: 10 });
    await post(told);
    await scene.until('the row was read', async () => sandbox.calls().some((call) => call.path.includes('/members')));
    await takeOut();
    await sandbox.hooksDelivered();
    expect(sandbox.calls().filter(({ operation }) => operation !== null)).toEqual([]);
    sandbox.clearFaults();
    await ended(id);
    expect(await scene.see(id)).toMatchObject({ endReason: 'OUTSIDE_CHANGE' });
  });

  it('what a hook says is not believed: GitLab is read, and what it shows decides', async () => {
    const id = await active();
    const { user, project } = await gitlabIds();
    await quiet();
    expect((await post(await removed())).status).toBe(204);
    await post({ event_name: 'project_destroy', project_id: project });
    await post({ event_name: 'user_destroy', user_id: user });
    const { sandbox } = scene.gateway;
    await scene.until('GitLab was asked', async () => sandbox.calls().some(({ path }) => path.endsWith('/members')));
    await sandbox.hooksDelivered();
    expect(await scene.see(id)).toMatchObject({ status: 'ACTIVE', endReason: null });
    expect(await scene.row(USERS.niaj, TOOLING)).toMatchObject({ access_level: 40 });
    expect(scene.writes()).toEqual([]);
    await scene.revokeGrant(id);
  });

  it('events that concern no grant, other events and other bodies answer 204 and ask GitLab nothing', async () => {
    await quiet();
    const bodies = [
      { event_name: 'user_add_to_team', project_id: 999_999, user_id: 999_999 },
      { event_name: 'user_create', user_id: 1 },
      { event_name: 'user_add_to_team', project_id: '1; drop table keys', user_id: -1 },
      { event_name: 'push', commits: [] },
      {},
      [],
    ];
    for (const body of bodies) expect(await post(body)).toEqual({ status: 204, text: '' });
    expect(scene.gateway.calls()).toBe(0);
  });

  it('a forged hook is refused alike, whether its secret is wrong, missing, void or of nobody, and its body is not read', async () => {
    const id = await active();
    const body = await removed();
    await quiet();
    const nobody = `/hooks/gitlab/${Buffer.from('Connection:999').toString('base64url')}`;
    const answers = [
      await post(body, { token: 'wrong' }),
      await post(body, { token: null }),
      await post(body, { token: '' }),
      await post('{ not json', { token: 'wrong' }),
      await post(body, { to: nobody }),
      await post(body, { to: '/hooks/gitlab/1' }),
      await post(body, { to: `/hooks/gitlab/${id}` }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(scene.gateway.calls()).toBe(0);
    await scene.revokeGrant(id);
  });

  it('a new secret voids the one before, is told once, and stands in the audit without being shown', async () => {
    const old = secret;
    const made = await rotate({ idempotencyKey: 'rotate-1' });
    expect(made).toMatchObject({ secret: expect.stringMatching(/^gatehouse_hook_.{40,}/), path, userErrors: [] });
    expect(await rotate({ idempotencyKey: 'rotate-1' })).toMatchObject({ secret: null, path, userErrors: [] });
    expect((await post({}, { token: old })).status).toBe(401);
    secret = made.secret ?? '';
    expect((await post({})).status).toBe(204);
    const { data } = await scene.gateway.query<{ auditEvents: { nodes: { action: string; summary: string }[] } }>(
      '{ auditEvents(first: 1, filter: { action: "HOOK_SECRET_ROTATED" }) { nodes { action summary } } }',
    );
    expect(data.auditEvents.nodes).toHaveLength(1);
    for (const text of [JSON.stringify(data), scene.gateway.logged.join('\n')]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(old);
    }
    expect((await rotate({ connectionId: Buffer.from('Connection:999').toString('base64url') })).userErrors).toEqual([
      { code: 'NOT_FOUND', field: ['connectionId'] },
    ]);
  });

  it('a deleted connection takes no hooks any more', async () => {
    const other = await scene.gateway.connect({ name: 'other' });
    const made = await rotate({ connectionId: other });
    const to = { token: made.secret ?? '', to: made.path ?? '' };
    expect((await post({}, to)).status).toBe(204);
    expect((await post({}, { ...to, to: path })).status).toBe(401);
    await scene.gateway.query(
      'mutation D($id: ID!) { deleteConnection(input: {connectionId: $id}) { userErrors { code } } }',
      {
        id: other,
      },
    );
    expect((await post({}, to)).status).toBe(401);
  });

  it('a body that is too large, no JSON or of another type is refused in plain words', async () => {
    expect((await post(JSON.stringify({ event_name: 'x'.repeat(70_000) }))).status).toBe(413);
    expect(await post('{ not json')).toMatchObject({ status: 400, text: expect.stringContaining('Only GitLab') });
  });
});

it('hooks beyond the limit of a minute are turned away', async () => {
  const server = await startBareServer({ hooksPerMinute: 3 });
  try {
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await fetch(`${server.url}/hooks/gitlab/x`, { method: 'POST' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  } finally {
    await server.close();
  }
}, 60_000);
