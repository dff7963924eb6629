import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listAudit } from '../../src/store/audit-reads.ts';
import { findInstance } from '../../src/store/instances.ts';
import { eachStore } from '../support/stores.ts';
import type { Script } from './fake-client.ts';
import { account, refusal } from './fake-client.ts';
import type { World } from './world.ts';
import { ACTOR, createWorld, refused, standingGrant } from './world.ts';

const someoneElse = { ...account, id: '77', username: 'other-bot', webUrl: 'https://gitlab.example.com/other-bot' };
const asSomeoneElse: Partial<Script> = { user: { ...someoneElse, isAdmin: false, bot: true }, account: someoneElse };

eachStore((under) => {
  let world: World;
  beforeAll(() => {
    world = createWorld(under.store());
  });
  afterAll(() => world.connections.close());
  const newToken = (script: Partial<Script> = {}): string => {
    const token = `glpat-sandbox-${randomUUID()}`;
    world.tokens.set(token, script);
    return token;
  };
  const lastEvent = async (connectionId: string) =>
    (await listAudit(under.store().db, { connectionId }, { first: 1, beforeSequence: null })).events[0];

  describe('updating a connection', () => {
    it('renames it without asking GitLab', async () => {
      const { id } = await world.saved();
      const asked = world.made.length;
      const name = `renamed ${randomUUID()}`;
      const { connection, result } = await world.connections.update(ACTOR, { connectionId: id, name });
      expect(connection).toMatchObject({ id, name });
      expect(result).toBeNull();
      expect(world.made).toHaveLength(asked);
      expect(await lastEvent(id)).toMatchObject({ action: 'CONNECTION_UPDATED', details: { changed: ['name'] } });
    });

    it('lets a connection change the case of its own name, and refuses the name of another', async () => {
      const [one, other] = [await world.saved(), await world.saved()];
      const { connection } = await world.connections.update(ACTOR, {
        connectionId: one.id,
        name: one.name.toUpperCase(),
      });
      expect(connection?.name).toBe(one.name.toUpperCase());
      const errors = await refused(world.connections.update(ACTOR, { connectionId: one.id, name: other.name }));
      expect(errors).toMatchObject([{ code: 'CONNECTION_NAME_TAKEN', field: ['name'] }]);
    });

    it('tests a new token and keeps what it saw', async () => {
      const { id } = await world.saved();
      const token = newToken({ metadata: { version: '18.10.0', revision: null, enterprise: true } });
      const { connection, result } = await world.connections.update(ACTOR, { connectionId: id, token });
      expect(result?.report.passed).toBe(true);
      expect(connection).toMatchObject({ instance: { version: '18.10.0' }, status: 'CONNECTED' });
    });

    it('keeps the old token when the new one FAILs', async () => {
      const { id } = await world.saved();
      const before = await world.connections.clientFor(id);
      const { connection, result } = await world.connections.update(ACTOR, {
        connectionId: id,
        token: 'glpat-unknown',
      });
      expect(connection).toBeNull();
      expect(result?.report.passed).toBe(false);
      expect(await world.connections.clientFor(id)).toBe(before);
    });

    it('brings a DEGRADED connection back', async () => {
      const input = world.input();
      const { id } = await world.saved(input);
      world.tokens.set(input.token, { token: refusal('TOKEN_REVOKED') });
      await world.connections.close();
      await world.connections.suspect(id);
      expect((await world.connections.byId(id))?.status).toBe('DEGRADED');
      const { connection } = await world.connections.update(ACTOR, { connectionId: id, token: newToken() });
      expect(connection).toMatchObject({ status: 'CONNECTED', statusReason: null });
    });

    it('never sends a saved token to another host', async () => {
      const { id } = await world.saved();
      const asked = world.made.length;
      const errors = await refused(
        world.connections.update(ACTOR, { connectionId: id, baseUrl: 'https://evil.example.com' }),
      );
      expect(errors).toMatchObject([{ code: 'INVALID_INPUT', field: ['token'] }]);
      expect(world.made).toHaveLength(asked);
    });

    it('moves to another address with a token for it, and the sealed token opens for that address only', async () => {
      const { id, instanceId } = await world.saved();
      const baseUrl = 'https://moved.example.com';
      const { connection } = await world.connections.update(ACTOR, { connectionId: id, baseUrl, token: newToken() });
      expect(connection).toMatchObject({ baseUrl, instanceId });
      expect((await world.connections.clientFor(id)).baseUrl).toBe(baseUrl);
    });

    it('takes the token of another account while nothing stands', async () => {
      const { id } = await world.saved();
      const { connection } = await world.connections.update(ACTOR, {
        connectionId: id,
        token: newToken(asSomeoneElse),
      });
      expect(connection?.identity.username).toBe('other-bot');
    });

    it('refuses the token of another account while a grant stands, and says why', async () => {
      const saved = await world.saved();
      await standingGrant(under.store(), saved);
      const errors = await refused(
        world.connections.update(ACTOR, { connectionId: saved.id, token: newToken(asSomeoneElse) }),
      );
      expect(errors).toMatchObject([{ code: 'CONNECTION_IN_USE' }]);
      expect(errors[0]?.message).toMatch(/1 grant or revocation still stands.*@jit-bot.*@other-bot/);
      expect((await world.connections.byId(saved.id))?.identity.username).toBe('jit-bot');
      const { connection } = await world.connections.update(ACTOR, { connectionId: saved.id, token: newToken() });
      expect(connection?.id).toBe(saved.id);
    });

    it('renames the instance, moving no key, when the same GitLab gives itself a new address', async () => {
      const host = `https://h${randomUUID()}.example.com`;
      const first = newToken({ user: { ...account, webUrl: `${host}/jit-bot`, isAdmin: false, bot: true } });
      const saved = await world.saved({ token: first });
      await standingGrant(under.store(), saved);
      const renamed = newToken({ user: { ...account, webUrl: `${host}/gitlab/jit-bot`, isAdmin: false, bot: true } });
      const { connection } = await world.connections.update(ACTOR, { connectionId: saved.id, token: renamed });
      expect(connection?.instanceId).toBe(saved.instanceId);
      expect((await findInstance(under.store().db, saved.instanceId))?.address).toBe(`${host}/gitlab`);
    });

    it('happens once for an idempotency key', async () => {
      const { id } = await world.saved();
      const input = { connectionId: id, token: newToken(), idempotencyKey: randomUUID() };
      await world.connections.update(ACTOR, input);
      const asked = world.made.length;
      const again = await world.connections.update(ACTOR, input);
      expect(again.connection?.id).toBe(id);
      expect(world.made).toHaveLength(asked);
      const errors = await refused(world.connections.update(ACTOR, { ...input, token: newToken() }));
      expect(errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    });

    it.each([
      [{}, 'INVALID_INPUT'],
      [{ name: '' }, 'INVALID_INPUT'],
      [{ connectionId: '999999', name: 'x' }, 'NOT_FOUND'],
      [{ connectionId: 'nonsense', name: 'x' }, 'NOT_FOUND'],
    ])('refuses %j with %s', async (changes, code) => {
      const { id } = await world.saved();
      expect(await refused(world.connections.update(ACTOR, { connectionId: id, ...changes }))).toMatchObject([
        { code },
      ]);
    });
  });
});
