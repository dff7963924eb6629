import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, PROJECTS, STORES, USERS, startScene } from '../grants/scene.ts';
import type { Scene } from '../grants/scene.ts';

const ROTATE_PATH = '/personal_access_tokens/self/rotate$';
const DAY_MS = 24 * HOUR_MS;
type Seen = { id: string; status: string; statusReason: string | null; token: { expiresAt: string | null } };
type Payload = { connection: Seen | null; userErrors: { code: string; message: string; field: string[] | null }[] };
const SELECTION = '{ connection { id status statusReason token { expiresAt } } userErrors { code message field } }';

describe.each(STORES.map((store) => (store === 'memory' ? 'folder' : store)))(
  'rotating the token of a connection, on the %s store',
  (store) => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await startScene({ store });
    }, 120_000);
    afterEach(() => {
      scene.gateway.sandbox.clearFaults();
      expect(scene.gateway.logged.join('')).not.toContain('glpat-');
    });
    afterAll(() => scene.close());

    const makeToken = (): { id: number; token: string } => {
      const { sandbox } = scene.gateway;
      const userId = [...sandbox.world.users.values()].find(({ username }) => username === USERS.gatehouse)?.id ?? 0;
      const { id, token } = sandbox.edit({ action: 'addToken', userId, scopes: ['api'], expiresAt: inDays(400) });
      return { id: Number(id), token: String(token) };
    };
    const inDays = (days: number): string =>
      new Date(scene.gateway.sandbox.world.clock.now() + days * DAY_MS).toISOString().slice(0, 10);
    const connected = async (): Promise<{ id: string; old: number }> => {
      const { id: old, token } = makeToken();
      return { id: await scene.gateway.connect({ name: `rotated ${randomUUID()}`, token }), old };
    };
    const mutate = async (field: 'rotateConnectionToken' | 'updateConnection', input: object): Promise<Payload> => {
      const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
      const { data, errors } = await scene.gateway.query<{ result: Payload }>(
        `mutation ($input: ${type}!) { result: ${field}(input: $input) ${SELECTION} }`,
        { input },
      );
      expect(errors).toEqual([]);
      expect(JSON.stringify(data)).not.toContain('glpat-');
      return data.result;
    };
    const rotate = (connectionId: string, more: object = {}): Promise<Payload> =>
      mutate('rotateConnectionToken', { connectionId, ...more });
    const see = async (id: string): Promise<Seen> => {
      const document = `query ($id: ID!) { node(id: $id) { ... on Connection { id status statusReason token { expiresAt } } } }`;
      return (await scene.gateway.query<{ node: Seen }>(document, { id })).data.node;
    };
    const rotations = (): number =>
      scene.gateway.sandbox.calls().filter(({ path }) => new RegExp(ROTATE_PATH).test(path)).length;
    const reads = async (id: string): Promise<unknown> => {
      const document =
        'query ($id: ID!) { node(id: $id) { ... on Connection { group(fullPath: "acme") { fullPath } } } }';
      return (await scene.gateway.query<{ node: unknown }>(document, { id })).data.node;
    };
    const tokenOf = (id: number) => scene.gateway.sandbox.world.tokens.get(id);
    const childOf = (id: number) =>
      [...scene.gateway.sandbox.world.tokens.values()].filter(({ previousId }) => previousId === id);
    const history = async (): Promise<{ action: string; summary: string }[]> => {
      const { data } = await scene.gateway.query<{ auditEvents: { nodes: { action: string; summary: string }[] } }>(
        '{ auditEvents(first: 3) { nodes { action summary } } }',
      );
      expect(JSON.stringify(data)).not.toContain('glpat-');
      return data.auditEvents.nodes;
    };

    it('S25: gives a new token with an end, kills the old one, and a grant made before ends as it should', async () => {
      const { id, old } = await connected();
      const { grant } = await scene.grant(USERS.niaj, { project: PROJECTS.tooling }, { connectionId: id });
      scene.gateway.clearCalls();
      const { connection, userErrors } = await rotate(id);
      expect(userErrors).toEqual([]);
      expect(connection).toEqual({ id, status: 'CONNECTED', statusReason: null, token: { expiresAt: inDays(90) } });
      expect(rotations()).toBe(1);
      expect(tokenOf(old)?.revoked).toBe(true);
      expect(childOf(old)).toMatchObject([{ revoked: false, expiresAt: inDays(90) }]);
      expect((await history())[0]).toMatchObject({ action: 'CONNECTION_TOKEN_ROTATED' });
      expect(await reads(id)).toEqual({ group: { fullPath: 'acme' } });
      await scene.gateway.advance(2 * HOUR_MS + 1000);
      await scene.until('the grant has ended', async () => (await scene.see(grant?.id ?? '')).status === 'ENDED');
      expect(await scene.row(USERS.niaj, { project: PROJECTS.tooling })).toBeNull();
    });

    it('S25: an answer that is lost is never asked for again: the connection is DEGRADED until it is given a token', async () => {
      const { id, old } = await connected();
      scene.gateway.clearCalls();
      scene.gateway.sandbox.fault({ method: 'POST', path: ROTATE_PATH, kind: 'cut-after' });
      const lost = await rotate(id);
      expect(lost.connection).toMatchObject({
        status: 'DEGRADED',
        statusReason: expect.stringMatching(/answer was lost/),
      });
      expect(lost.userErrors).toMatchObject([{ code: 'CONNECTION_DEGRADED' }]);
      expect(lost.userErrors[0]?.message).toMatch(/updateConnection/);
      await scene.gateway.advance(2 * 60_000);
      expect((await rotate(id)).userErrors).toMatchObject([{ code: 'CONNECTION_DEGRADED' }]);
      expect(rotations()).toBe(1);
      expect(childOf(old)).toMatchObject([{ revoked: false }]);
      const given = await mutate('updateConnection', { connectionId: id, token: makeToken().token });
      expect(given).toMatchObject({ connection: { status: 'CONNECTED', statusReason: null }, userErrors: [] });
      expect(await reads(id)).toEqual({ group: { fullPath: 'acme' } });
      expect((await rotate(id)).userErrors).toEqual([]);
    });

    it('S25: a call that never arrived leaves the old token alive, and it may be rotated again', async () => {
      const { id, old } = await connected();
      scene.gateway.sandbox.fault({ method: 'POST', path: ROTATE_PATH, kind: 'cut-before' });
      expect(await rotate(id)).toMatchObject({ connection: null, userErrors: [{ code: 'TOKEN_NOT_ROTATED' }] });
      expect(tokenOf(old)?.revoked).toBe(false);
      expect((await see(id)).status).toBe('CONNECTED');
      expect((await history())[0]).toMatchObject({ action: 'CONNECTION_TOKEN_NOT_ROTATED' });
      expect((await rotate(id)).userErrors).toEqual([]);
      expect(tokenOf(old)?.revoked).toBe(true);
    });

    it.each([400, 403, 401])('S25: a rotation refused with %d leaves the token as it was', async (status) => {
      const { id, old } = await connected();
      scene.gateway.sandbox.fault({ method: 'POST', path: ROTATE_PATH, kind: 'refuse', status });
      expect((await rotate(id)).userErrors).toMatchObject([{ code: 'REFUSED_BY_GITLAB' }]);
      expect(tokenOf(old)?.revoked).toBe(false);
      expect((await rotate(id)).userErrors).toEqual([]);
    });

    it('S25: while it is not known what became of a rotation no other is sent, nor is the token replaced', async () => {
      const { id, old } = await connected();
      scene.gateway.clearCalls();
      scene.gateway.sandbox.fault({ method: 'POST', path: ROTATE_PATH, kind: '503' });
      const unknown = [{ code: 'TOKEN_NOT_ROTATED' }];
      expect((await rotate(id)).userErrors).toMatchObject(unknown);
      expect((await rotate(id)).userErrors).toMatchObject(unknown);
      const given = await mutate('updateConnection', { connectionId: id, token: makeToken().token });
      expect(given.userErrors).toMatchObject(unknown);
      expect(rotations()).toBe(1);
      await scene.gateway.advance(2 * 60_000);
      expect((await rotate(id)).userErrors).toEqual([]);
      expect(tokenOf(old)?.revoked).toBe(true);
    });

    it.each(['dead', 'alive'])(
      'S25: after a crash before the answer was stored, the old token being %s, a restart finds out',
      async (state) => {
        const { id, old } = await connected();
        // Nothing is heard of the rotation, which is what a process that ends at that moment leaves behind.
        scene.gateway.sandbox.fault({ method: 'POST', path: ROTATE_PATH, kind: '503' });
        await rotate(id);
        if (state === 'dead') scene.gateway.sandbox.edit({ action: 'setToken', id: old, set: { revoked: true } });
        scene.gateway.clearCalls();
        await scene.gateway.advance(2 * 60_000);
        await scene.gateway.restart();
        if (state === 'alive') {
          await scene.until('the mark is gone', async () =>
            (await history()).some(({ action }) => action === 'CONNECTION_TOKEN_NOT_ROTATED'),
          );
          expect(await see(id)).toMatchObject({ status: 'CONNECTED' });
        } else {
          await scene.until('it is degraded', async () => (await see(id)).status === 'DEGRADED');
          expect((await see(id)).statusReason).toMatch(/answer was lost/);
        }
        expect(rotations()).toBe(0);
      },
      60_000,
    );

    it('S25: a token that others have rotated is not sent, which would kill its successor', async () => {
      const { id, old } = await connected();
      scene.gateway.sandbox.edit({ action: 'setToken', id: old, set: { revoked: true } });
      scene.gateway.clearCalls();
      expect((await rotate(id)).userErrors).toMatchObject([{ code: 'CONNECTION_DEGRADED' }]);
      expect(rotations()).toBe(0);
      expect((await see(id)).status).toBe('DEGRADED');
    });

    it('refuses to rotate a token that another connection has too', async () => {
      const { token } = makeToken();
      const id = await scene.gateway.connect({ name: `one ${randomUUID()}`, token });
      await scene.gateway.connect({ name: `two ${randomUUID()}`, token });
      expect((await rotate(id)).userErrors).toMatchObject([{ code: 'CONNECTION_IN_USE' }]);
    });

    it('happens once for two calls at a time', async () => {
      const { id, old } = await connected();
      const answers = await Promise.all([rotate(id), rotate(id)]);
      const done = answers.filter(({ userErrors }) => userErrors.length === 0);
      expect(done.length).toBeGreaterThan(0);
      expect(childOf(old)).toHaveLength(1);
      expect(await reads(id)).toEqual({ group: { fullPath: 'acme' } });
    });

    it('happens once for an idempotency key', async () => {
      const { id } = await connected();
      const more = { expiresAt: inDays(30), idempotencyKey: randomUUID() };
      const first = await rotate(id, more);
      expect(first.connection?.token.expiresAt).toBe(inDays(30));
      scene.gateway.clearCalls();
      expect(await rotate(id, more)).toEqual(first);
      expect(scene.gateway.calls()).toBe(0);
      const other = await rotate(id, { ...more, expiresAt: inDays(31) });
      expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    });

    it('refuses an end that is today or before, or beyond a year, and asks GitLab nothing', async () => {
      const { id } = await connected();
      scene.gateway.clearCalls();
      for (const expiresAt of [inDays(-1), inDays(0), inDays(367)]) {
        const { connection, userErrors } = await rotate(id, { expiresAt });
        expect(connection).toBeNull();
        expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['expiresAt'] }]);
      }
      expect(scene.gateway.calls()).toBe(0);
    });

    it('refuses a connection that there is not', async () => {
      const gone = Buffer.from('Connection:999999').toString('base64url');
      expect((await rotate(gone)).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['connectionId'] }]);
      expect((await rotate('nonsense')).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    });

    it('answers nobody without a key', async () => {
      const { id } = await connected();
      const { status, errors } = await scene.gateway.query(
        `mutation ($input: RotateConnectionTokenInput!) { result: rotateConnectionToken(input: $input) ${SELECTION} }`,
        { input: { connectionId: id } },
        { key: null },
      );
      expect([status, errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    });
  },
);
