import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GROUPS, PROJECTS, USERS, startScene } from '../grants/scene.ts';
import type { Scene } from '../grants/scene.ts';

const TTL_MS = 600_000;
const MEMBERS = `query Members($path: ID!) {
  connection(name: "sandbox") {
    group(fullPath: $path) { name members(kinds: [DIRECT], first: 50) { nodes { user { username } accessLevel } } }
  }
}`;
const PROJECT_MEMBERS = MEMBERS.replace('group(', 'project(');

type Listed = { nodes: { user: { username: string }; accessLevel: string }[] };
type Answer = {
  connection: { group?: { members: Listed } | null; project?: { members: Listed } | null };
};
type Told = { data: Answer | null; errors?: { extensions: { code: string } }[]; extensions?: { cache?: object } };

let scene: Scene;

/** Asks as a front end does, with the request's own extensions. */
async function ask(query: string, path: string, extensions?: object, signal?: AbortSignal): Promise<Told> {
  const response = await fetch(`${scene.gateway.url()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${scene.gateway.adminKey}` },
    body: JSON.stringify({ query, variables: { path }, ...(extensions === undefined ? {} : { extensions }) }),
    ...(signal === undefined ? {} : { signal }),
  });
  return (await response.json()) as Told;
}

const names = ({ data }: Told): string[] =>
  (data?.connection.group ?? data?.connection.project)?.members.nodes.map(({ user }) => user.username) ?? [];

/** Calls of GitLab's that the work takes. */
async function calls(work: () => Promise<unknown>): Promise<number> {
  scene.gateway.clearCalls();
  await work();
  return scene.gateway.calls();
}

describe('answers of GitLab that serve again', () => {
  beforeAll(async () => {
    scene = await startScene({ store: 'memory', readCacheMs: TTL_MS });
  }, 120_000);
  afterAll(() => scene.close());
  beforeEach(async () => {
    await scene.gateway.advance(TTL_MS);
  });
  afterEach(() => {
    scene.gateway.sandbox.clearFaults();
  });

  it('two equal queries at once cost the calls of one, and both are answered', async () => {
    await ask(MEMBERS, GROUPS.platform);
    await scene.gateway.advance(TTL_MS);
    const ofOne = await calls(() => ask(MEMBERS, GROUPS.platform));
    await scene.gateway.advance(TTL_MS);
    const both: Told[] = [];
    const ofTwo = await calls(async () => {
      both.push(...(await Promise.all([ask(MEMBERS, GROUPS.platform), ask(MEMBERS, GROUPS.platform.toUpperCase())])));
    });
    expect(ofOne).toBeGreaterThan(0);
    expect(ofTwo).toBe(ofOne);
    expect(names(both[0] ?? { data: null })).not.toEqual([]);
    expect(both[1]).toEqual(both[0]);
  });

  it('a caller who goes away ends nothing for the one who waits for the same', async () => {
    scene.gateway.sandbox.fault({ path: '^/api/graphql', kind: 'delay', delayMs: 600_000, times: 1 });
    scene.gateway.clearCalls();
    const leaving = new AbortController();
    const gone = ask(MEMBERS, GROUPS.platform, undefined, leaving.signal).catch((error: unknown) => error);
    await scene.until('GitLab is asked', async () => {
      const armed = await fetch(`${scene.gateway.sandbox.url}/sandbox/faults`);
      return ((await armed.json()) as unknown[]).length === 0;
    });
    const staying = ask(MEMBERS, GROUPS.platform);
    leaving.abort();
    expect(await gone).toMatchObject({ name: 'AbortError' });
    scene.gateway.sandbox.clearFaults();
    expect(names(await staying)).not.toEqual([]);
  });

  it('serve until their time is over', async () => {
    await ask(MEMBERS, GROUPS.platform);
    expect(await calls(() => ask(MEMBERS, GROUPS.platform))).toBe(0);
    await scene.gateway.advance(TTL_MS);
    expect(await calls(() => ask(MEMBERS, GROUPS.platform))).toBeGreaterThan(0);
  });

  it('tell their age to whoever asks for it', async () => {
    expect((await ask(MEMBERS, GROUPS.platform, { cache: true })).extensions).toEqual({ cache: { oldestAgeMs: 0 } });
    await scene.gateway.advance(20_000);
    const told = (await ask(MEMBERS, GROUPS.platform, { cache: true })).extensions?.cache;
    expect(told).toEqual({ oldestAgeMs: expect.any(Number) });
    expect((told as { oldestAgeMs: number }).oldestAgeMs).toBeGreaterThanOrEqual(20_000);
    expect((await ask(MEMBERS, GROUPS.platform)).extensions).toBeUndefined();
  });

  it('do not hide a grant that has just become active, nor one that has just ended', async () => {
    const place = { project: PROJECTS.tooling };
    expect(names(await ask(PROJECT_MEMBERS, PROJECTS.tooling))).not.toContain(USERS.niaj);
    const { grant } = await scene.grant(USERS.niaj, place);
    expect(grant).toMatchObject({ status: 'ACTIVE' });
    expect(names(await ask(PROJECT_MEMBERS, PROJECTS.tooling))).toContain(USERS.niaj);
    const revoked = await scene.revokeGrant(grant?.id ?? '');
    expect(revoked.verifiedAt).not.toBeNull();
    expect(names(await ask(PROJECT_MEMBERS, PROJECTS.tooling))).not.toContain(USERS.niaj);
  });

  it('serve no longer when a hook names them, and no others', async () => {
    const made = await scene.gateway.query<{ rotateHookSecret: { secret: string; path: string } }>(
      'mutation R($input: RotateHookSecretInput!) { rotateHookSecret(input: $input) { secret path } }',
      { input: { connectionId: scene.connectionId } },
    );
    const { secret, path } = made.data.rotateHookSecret;
    const idOf = async (what: string): Promise<number> => ((await scene.gitlab('GET', what)).json as { id: number }).id;
    const project = await idOf(`/projects/${encodeURIComponent(PROJECTS.tooling)}`);
    await ask(PROJECT_MEMBERS, PROJECTS.tooling);
    await ask(MEMBERS, GROUPS.platform);
    const response = await fetch(`${scene.gateway.url()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gitlab-token': secret },
      body: JSON.stringify({ event_name: 'user_remove_from_team', project_id: project, user_id: 999_999 }),
    });
    expect(response.status).toBe(204);
    expect(await calls(() => ask(MEMBERS, GROUPS.platform))).toBe(0);
    expect(await calls(() => ask(PROJECT_MEMBERS, PROJECTS.tooling))).toBe(1);
  });

  it('are never a failure: GitLab is asked again', async () => {
    scene.gateway.sandbox.fault({ path: '^/api/graphql', kind: 'status', status: 403, times: 1 });
    const refused = await ask(MEMBERS, GROUPS.platform);
    expect(refused.errors?.length).toBeGreaterThan(0);
    expect(names(await ask(MEMBERS, GROUPS.platform))).not.toEqual([]);
  });
});

describe('without a time to serve again', () => {
  it('every query asks GitLab', async () => {
    scene = await startScene({ store: 'memory' });
    try {
      await ask(MEMBERS, GROUPS.platform);
      const [first, second] = [
        await calls(() => ask(MEMBERS, GROUPS.platform)),
        await calls(() => ask(MEMBERS, GROUPS.platform)),
      ];
      expect(first).toBeGreaterThan(0);
      expect(second).toBe(first);
    } finally {
      await scene.close();
    }
  }, 120_000);
});
