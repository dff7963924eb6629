import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listAudit } from '../../src/store/audit-reads.ts';
import { eachStore } from '../support/stores.ts';
import type { World } from './world.ts';
import { ACTOR, createWorld, refused, standingGrant, until } from './world.ts';

eachStore((under) => {
  let world: World;
  beforeAll(() => {
    world = createWorld(under.store());
  });
  afterAll(() => world.connections.close());
  const end = async (grantId: string) => {
    await under.store().db.updateTable('grants').set({ status: 'ENDED' }).where('id', '=', grantId).execute();
    return 0;
  };

  describe('deleting a connection', () => {
    it('takes it away with its token and keeps its history', async () => {
      const { id, name } = await world.saved();
      const client = await world.connections.clientFor(id);
      expect(await world.connections.delete(ACTOR, { connectionId: id, grants: 'REFUSE' })).toEqual({ deletedId: id });
      expect(await world.connections.byId(id)).toBeNull();
      await expect(world.connections.clientFor(id)).rejects.toThrow('no longer exists');
      await until(() => world.made.find((one) => one === client)?.closed() === true);
      const { events } = await listAudit(under.store().db, { connectionId: id }, { first: 9, beforeSequence: null });
      expect(events.map(({ action }) => action)).toEqual(['CONNECTION_DELETED', 'CONNECTION_SAVED']);
      expect((await world.saved({ name })).id).not.toBe(id);
    });

    it('is refused while a grant stands, saying how many', async () => {
      const saved = await world.saved();
      await standingGrant(under.store(), saved);
      await standingGrant(under.store(), saved);
      const errors = await refused(world.connections.delete(ACTOR, { connectionId: saved.id, grants: 'REFUSE' }));
      expect(errors).toMatchObject([{ code: 'CONNECTION_IN_USE' }]);
      expect(errors[0]?.message).toMatch(/^2 grants or revocations still stand/);
      expect(await world.connections.byId(saved.id)).not.toBeNull();
      expect(world.grants.calls).toEqual([]);
    });

    it.each(['END', 'ABANDON'] as const)('with %s settles what stands first, for the reason given', async (grants) => {
      const saved = await world.saved();
      const grant = await standingGrant(under.store(), saved);
      world.grants.endAll = () => end(grant);
      await world.connections.delete(ACTOR, { connectionId: saved.id, grants, reason: 'moving house' });
      expect(world.grants.calls.at(-1)).toMatchObject([
        saved.id,
        { mode: grants, actor: ACTOR, reason: 'moving house' },
      ]);
      expect(await world.connections.byId(saved.id)).toBeNull();
    });

    it('with END deletes nothing while some are still ending, and may be called again', async () => {
      const saved = await world.saved();
      const grant = await standingGrant(under.store(), saved);
      const input = {
        connectionId: saved.id,
        grants: 'END',
        reason: 'moving house',
        idempotencyKey: randomUUID(),
      } as const;
      world.grants.endAll = () => Promise.resolve(1);
      const errors = await refused(world.connections.delete(ACTOR, input));
      expect(errors).toMatchObject([{ code: 'CONNECTION_IN_USE' }]);
      expect(errors[0]?.message).toMatch(
        /^Nothing was deleted: 1 grant or revocation still stands, and is being ended/,
      );
      expect(await world.connections.byId(saved.id)).not.toBeNull();
      world.grants.endAll = () => end(grant);
      expect(await world.connections.delete(ACTOR, input)).toEqual({ deletedId: saved.id });
    });

    it('is refused when a grant came in while the others ended', async () => {
      const saved = await world.saved();
      world.grants.endAll = async () => {
        await standingGrant(under.store(), saved);
        return 0;
      };
      const errors = await refused(
        world.connections.delete(ACTOR, { connectionId: saved.id, grants: 'ABANDON', reason: 'gone' }),
      );
      expect(errors).toMatchObject([{ code: 'CONNECTION_IN_USE' }]);
    });

    it('asks for a reason before it ends anything', async () => {
      const { id } = await world.saved();
      const asked = world.grants.calls.length;
      const errors = await refused(world.connections.delete(ACTOR, { connectionId: id, grants: 'END', reason: ' ' }));
      expect(errors).toMatchObject([{ code: 'INVALID_INPUT', field: ['reason'] }]);
      expect(world.grants.calls).toHaveLength(asked);
    });

    it('answers a repeat with the same, and an unknown connection with NOT_FOUND', async () => {
      const { id } = await world.saved();
      const input = { connectionId: id, grants: 'REFUSE', idempotencyKey: randomUUID() } as const;
      await world.connections.delete(ACTOR, input);
      expect(await world.connections.delete(ACTOR, input)).toEqual({ deletedId: id });
      const errors = await refused(world.connections.delete(ACTOR, { connectionId: id, grants: 'REFUSE' }));
      expect(errors).toMatchObject([{ code: 'NOT_FOUND', field: ['connectionId'] }]);
    });
  });
});
