import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listAudit } from '../../src/store/audit-reads.ts';
import { eachStore } from '../support/stores.ts';
import { BASE_URL, account, refusal } from './fake-client.ts';
import type { World } from './world.ts';
import { ACTOR, createWorld, refused } from './world.ts';

eachStore((under) => {
  let world: World;
  beforeAll(() => {
    world = createWorld(under.store());
  });
  afterAll(() => world.connections.close());
  const events = async (connectionId: string) =>
    (await listAudit(under.store().db, { connectionId }, { first: 50, beforeSequence: null })).events;

  describe('saving a connection', () => {
    it('keeps what was tested and shows it by id, by name in any case, and in the list', async () => {
      const connection = await world.saved({ name: `  Main ${randomUUID()} ` });
      expect(connection).toMatchObject({
        baseUrl: BASE_URL,
        status: 'CONNECTED',
        statusReason: null,
        identity: { gitlabId: '42', username: 'jit-bot', kind: 'SERVICE_ACCOUNT', isAdmin: false },
        token: { name: 'gateway', scopes: ['api'], expiresAt: '2026-12-31' },
        instance: { version: '18.9.0-pre', enterprise: true, gitlabDotCom: false },
      });
      expect(connection.name).toBe(connection.name.trim());
      expect(connection.report.checks).toHaveLength(15);
      expect(await world.connections.byId(connection.id)).toEqual(connection);
      expect(await world.connections.byName(connection.name.toUpperCase())).toEqual(connection);
      expect(await world.connections.list()).toContainEqual(connection);
    });

    it('keeps the token nowhere but encrypted: not in the row, the audit, the answer or the log', async () => {
      const input = world.input({ idempotencyKey: randomUUID() });
      const { connection } = await world.connections.save(ACTOR, input);
      const { db } = under.store();
      const everything = JSON.stringify([
        connection,
        world.logged,
        await db.selectFrom('connections').selectAll().execute(),
        await db.selectFrom('audit_events').selectAll().execute(),
        await db.selectFrom('idempotency').selectAll().execute(),
      ]);
      expect(everything).not.toContain(input.token);
      expect(everything).not.toContain('glpat-sandbox');
    });

    it('writes one audit event that says who connected what as whom', async () => {
      const connection = await world.saved();
      expect(await events(connection.id)).toMatchObject([
        {
          action: 'CONNECTION_SAVED',
          actor: ACTOR,
          details: { identity: { username: 'jit-bot' }, token: { scopes: ['api'] } },
        },
      ]);
    });

    it('shares one instance between connections to the same GitLab, whatever address each uses', async () => {
      const one = await world.saved();
      const other = await world.saved({ baseUrl: 'https://internal.example.com' });
      expect(other.instanceId).toBe(one.instanceId);
      const token = `glpat-sandbox-${randomUUID()}`;
      const webUrl = 'https://second.example.com/jit-bot';
      world.tokens.set(token, { user: { ...account, webUrl, isAdmin: false, bot: true } });
      expect((await world.saved({ token })).instanceId).not.toBe(one.instanceId);
    });

    it('saves nothing when a check FAILs, and gives the report', async () => {
      const input = world.input();
      world.tokens.set(input.token, { token: refusal('TOKEN_EXPIRED') });
      const { connection, result } = await world.connections.save(ACTOR, { ...input, idempotencyKey: 'failed-first' });
      expect(connection).toBeNull();
      expect(result?.report.passed).toBe(false);
      expect(await world.connections.byName(input.name)).toBeNull();
      world.tokens.set(input.token, {});
      const again = await world.connections.save(ACTOR, { ...input, idempotencyKey: 'failed-first' });
      expect(again.connection).not.toBeNull();
    });

    it('refuses a name that is taken in another case, before asking GitLab', async () => {
      const { name } = await world.saved();
      const asked = world.made.length;
      const errors = await refused(world.connections.save(ACTOR, world.input({ name: name.toUpperCase() })));
      expect(errors).toMatchObject([{ code: 'CONNECTION_NAME_TAKEN', field: ['name'] }]);
      expect(world.made).toHaveLength(asked);
    });

    it('lets one of two win who save under one name at once', async () => {
      const name = `race ${randomUUID()}`;
      const outcomes = await Promise.allSettled([
        world.connections.save(ACTOR, world.input({ name })),
        world.connections.save(ACTOR, world.input({ name })),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it.each([
      ['name', '   '],
      ['name', 'x'.repeat(81)],
      ['name', 'two\nlines'],
      ['baseUrl', 'gitlab.example.com'],
      ['baseUrl', 'ftp://gitlab.example.com'],
      ['baseUrl', 'https://me:secret@gitlab.example.com'],
      ['baseUrl', 'https://gitlab.example.com?x=1'],
      ['token', ''],
      ['token', 'glpat-with space'],
      ['token', 'glpat-with\r\nHeader: x'],
      ['idempotencyKey', ''],
    ])('refuses a bad %s by field, without repeating it (%#)', async (field, value) => {
      const errors = await refused(world.connections.save(ACTOR, world.input({ [field]: value })));
      expect(errors).toMatchObject([{ code: 'INVALID_INPUT', field: [field] }]);
      expect(errors[0]?.message).not.toContain('secret');
    });

    it('names every fault at once', async () => {
      const errors = await refused(world.connections.save(ACTOR, { name: '', baseUrl: 'x', token: '' }));
      expect(errors.map(({ field }) => field)).toEqual([['name'], ['baseUrl'], ['token']]);
    });

    it.each(['https://gitlab.example.com/', 'https://GITLAB.example.com:443', 'https://gitlab.example.com/api/v4/'])(
      'takes %s for the plain address',
      async (baseUrl) => {
        expect((await world.saved({ baseUrl })).baseUrl).toBe(BASE_URL);
      },
    );
  });

  describe('repeating a save with its idempotency key', () => {
    it('makes nothing new, asks GitLab nothing, and answers with the connection as it is now', async () => {
      const input = world.input({ idempotencyKey: randomUUID() });
      const first = await world.connections.save(ACTOR, input);
      const id = first.connection?.id ?? '';
      await world.connections.update(ACTOR, { connectionId: id, name: `${input.name} renamed` });
      const asked = world.made.length;
      const again = await world.connections.save(ACTOR, input);
      expect(again.connection).toMatchObject({ id, name: `${input.name} renamed` });
      expect(world.made).toHaveLength(asked);
    });

    it('saves once when both run at the same time', async () => {
      const input = world.input({ idempotencyKey: randomUUID() });
      const both = await Promise.all([world.connections.save(ACTOR, input), world.connections.save(ACTOR, input)]);
      expect(both[0].connection?.id).toBeDefined();
      expect(both[0].connection?.id).toBe(both[1].connection?.id);
      expect(await events(both[0].connection?.id ?? '')).toHaveLength(1);
    });

    it.each(['name', 'token'])('is refused for another %s', async (field) => {
      const input = world.input({ idempotencyKey: randomUUID() });
      await world.connections.save(ACTOR, input);
      const other = world.input();
      const errors = await refused(
        world.connections.save(ACTOR, { ...input, [field]: other[field === 'name' ? 'name' : 'token'] }),
      );
      expect(errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
    });

    it("does not meet another caller's key", async () => {
      const idempotencyKey = randomUUID();
      const one = await world.connections.save('key:one', world.input({ idempotencyKey }));
      const two = await world.connections.save('key:two', world.input({ idempotencyKey }));
      expect(one.connection?.id).not.toBe(two.connection?.id);
    });

    it('says so when the connection has been deleted since', async () => {
      const input = world.input({ idempotencyKey: randomUUID() });
      const { connection } = await world.connections.save(ACTOR, input);
      await world.connections.delete(ACTOR, { connectionId: connection?.id ?? '', grants: 'REFUSE' });
      expect(await refused(world.connections.save(ACTOR, input))).toMatchObject([{ code: 'NOT_FOUND' }]);
    });
  });
});
