import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listAudit, verifyChain } from '../../src/store/audit-reads.ts';
import { eachStore } from '../support/stores.ts';
import { BASE_URL, refusal } from './fake-client.ts';
import type { World } from './world.ts';
import { ACTOR, createWorld, refused, until } from './world.ts';

eachStore((under) => {
  let world: World;
  beforeAll(() => {
    world = createWorld(under.store());
  });
  afterAll(() => world.connections.close());
  const actions = async (connectionId: string) =>
    (await listAudit(under.store().db, { connectionId }, { first: 50, beforeSequence: null })).events.map(
      ({ action }) => action,
    );
  /** A saved connection whose GitLab answers as `script` from now on; the script may be changed. */
  const turning = async (script: { token: ReturnType<typeof refusal> }) => {
    const input = world.input();
    const connection = await world.saved(input);
    world.tokens.set(input.token, script);
    return { connection, token: input.token };
  };

  describe('the client of a connection', () => {
    it('is one, kept, also when many ask at once', async () => {
      const { id } = await world.saved();
      const asked = world.made.length;
      const clients = await Promise.all(Array.from({ length: 5 }, () => world.connections.clientFor(id)));
      expect(new Set(clients).size).toBe(1);
      expect(world.made).toHaveLength(asked + 1);
    });

    it('is replaced when another process changes the token, and the old one is closed', async () => {
      const { id } = await world.saved();
      const before = await world.connections.clientFor(id);
      const elsewhere = createWorld(under.store());
      const token = `glpat-sandbox-${randomUUID()}`;
      elsewhere.tokens.set(token, {});
      await elsewhere.connections.update(ACTOR, { connectionId: id, token });
      const after = await world.connections.clientFor(id);
      expect(after).not.toBe(before);
      await world.connections.clientFor(id);
      await until(() => world.made.find((one) => one === before)?.closed() === true);
    });

    it('stays when only the name changes', async () => {
      const { id } = await world.saved();
      const before = await world.connections.clientFor(id);
      await world.connections.update(ACTOR, { connectionId: id, name: `n ${randomUUID()}` });
      expect(await world.connections.clientFor(id)).toBe(before);
    });

    it('is not given out where the row was made to point elsewhere behind our back', async () => {
      const { id } = await world.saved();
      const evil = 'https://evil.example.com';
      await under.store().db.updateTable('connections').set({ base_url: evil }).where('id', '=', id).execute();
      const asked = world.made.length;
      await expect(world.connections.clientFor(id)).rejects.toThrow('saved for another address');
      expect(world.made).toHaveLength(asked);
    });

    it('is closed with the service', async () => {
      const other = createWorld(under.store());
      const client = await other.connections.clientFor((await other.saved()).id);
      await other.connections.close();
      expect(other.made.find((one) => one === client)?.closed()).toBe(true);
    });
  });

  describe('a suspected token', () => {
    it.each(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'TOKEN_REVOKED', 'ACCOUNT_BLOCKED'] as const)(
      'turns the connection DEGRADED with the cause when GitLab confirms %s',
      async (code) => {
        const { connection } = await turning({ token: refusal(code, `Said: ${code}.`) });
        await world.connections.suspect(connection.id);
        expect(await world.connections.byId(connection.id)).toMatchObject({
          status: 'DEGRADED',
          statusReason: `Said: ${code}.`,
        });
        expect(await actions(connection.id)).toEqual(['CONNECTION_DEGRADED', 'CONNECTION_SAVED']);
      },
    );

    it('is probed once, and audited once, however many suspect it', async () => {
      const { connection } = await turning({ token: refusal('TOKEN_REVOKED') });
      const asked = world.made.length;
      await Promise.all(Array.from({ length: 5 }, () => world.connections.suspect(connection.id)));
      await world.connections.suspect(connection.id);
      expect(world.made.slice(asked).flatMap((client) => client.calls)).toEqual(['tokenSelf', 'tokenSelf']);
      expect(await actions(connection.id)).toEqual(['CONNECTION_DEGRADED', 'CONNECTION_SAVED']);
    });

    it('changes nothing when the token lives or GitLab does not say', async () => {
      const alive = await world.saved();
      await world.connections.suspect(alive.id);
      const { connection: silent } = await turning({ token: refusal('UNAVAILABLE') });
      await world.connections.suspect(silent.id);
      expect([
        (await world.connections.byId(alive.id))?.status,
        (await world.connections.byId(silent.id))?.status,
      ]).toEqual(['CONNECTED', 'CONNECTED']);
    });

    it('is noticed by the client that meets the first refusal, and probed once for many', async () => {
      const { connection } = await turning({ token: refusal('TOKEN_REVOKED') });
      const client = await world.connections.clientFor(connection.id);
      world.refuse();
      world.refuse();
      await world.connections.suspect(connection.id);
      world.refuse();
      await world.connections.suspect(connection.id);
      expect((await world.connections.byId(connection.id))?.status).toBe('DEGRADED');
      expect(world.made.find((one) => one === client)?.calls).toEqual(['tokenSelf', 'tokenSelf']);
    });

    it('is left alone when its connection is gone', async () => {
      await expect(world.connections.suspect('999999')).resolves.toBeUndefined();
    });
  });

  describe('testing a saved connection', () => {
    it('with its own token keeps the report and turns the status both ways', async () => {
      const { connection, token } = await turning({ token: refusal('ACCOUNT_BLOCKED') });
      const sick = await world.connections.test(ACTOR, { connectionId: connection.id });
      expect(sick.report.passed).toBe(false);
      expect(await world.connections.byId(connection.id)).toMatchObject({
        status: 'DEGRADED',
        report: { passed: false },
      });
      world.tokens.set(token, {});
      await world.connections.test(ACTOR, { connectionId: connection.id });
      expect(await world.connections.byId(connection.id)).toMatchObject({
        status: 'CONNECTED',
        statusReason: null,
        report: { passed: true },
      });
      expect(await actions(connection.id)).toEqual(['CONNECTION_RECOVERED', 'CONNECTION_DEGRADED', 'CONNECTION_SAVED']);
      expect(await verifyChain(under.store().db)).toBeNull();
    });

    it('with another token changes nothing', async () => {
      const connection = await world.saved();
      const result = await world.connections.test(ACTOR, { connectionId: connection.id, token: 'glpat-unknown' });
      expect(result.report.passed).toBe(false);
      expect(await world.connections.byId(connection.id)).toEqual(connection);
    });

    it('works for an address and a token without saving anything', async () => {
      const { baseUrl, token } = world.input();
      const before = await world.connections.list();
      expect((await world.connections.test(ACTOR, { baseUrl, token })).report.passed).toBe(true);
      expect(await world.connections.list()).toHaveLength(before.length);
    });

    it.each([
      [{}, 'INVALID_INPUT', ['baseUrl']],
      [{ baseUrl: BASE_URL }, 'INVALID_INPUT', ['token']],
      [{ connectionId: '1', baseUrl: BASE_URL }, 'INVALID_INPUT', ['baseUrl']],
      [{ connectionId: '999999' }, 'NOT_FOUND', ['connectionId']],
    ])('refuses %j with %s', async (input, code, field) => {
      expect(await refused(world.connections.test(ACTOR, input))).toMatchObject([{ code, field }]);
    });
  });
});
