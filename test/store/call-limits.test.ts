import { beforeAll, expect, it } from '@jest/globals';
import { createCallLimits } from '../../src/store/call-limits.ts';
import { eachStore } from '../support/stores.ts';
import { newConnection } from './new-connection.ts';

eachStore((under) => {
  const windowAt = new Date('2030-01-01T00:00:00Z');
  const next = new Date('2030-01-01T00:01:00Z');
  let connectionId = '';
  beforeAll(async () => {
    connectionId = await newConnection(under.store());
  });
  const of = (owner: string) => createCallLimits(under.store().db, owner);
  const window = (name: string, at = windowAt) => ({ connectionId, name, windowAt: at });

  it('gives two who ask together what a window holds, and no more', async () => {
    const asks = Array.from({ length: 20 }, (_, index) =>
      of(index % 2 === 0 ? 'a' : 'b').take(window('together'), { wanted: 5, most: 60, passed: 0 }),
    );
    const given = (await Promise.all(asks)).map(({ granted }) => granted);
    expect(given.reduce((sum, granted) => sum + granted)).toBe(60);
    expect(await of('a').take(window('together'), { wanted: 1, most: 60, passed: 0 })).toEqual({
      granted: 0,
      taken: 60,
      passed: 0,
    });
    expect(await of('a').take(window('together'), { wanted: 5, most: 61, passed: 0 })).toEqual({
      granted: 1,
      taken: 61,
      passed: 0,
    });
  });

  it('begins a new window at nothing, and gives none of one that is over', async () => {
    await of('a').take(window('turns'), { wanted: 60, most: 60, passed: 0 });
    expect(await of('b').take(window('turns', next), { wanted: 5, most: 60, passed: 0 })).toEqual({
      granted: 5,
      taken: 5,
      passed: 0,
    });
    expect(await of('a').take(window('turns'), { wanted: 5, most: 60, passed: 0 })).toMatchObject({ granted: 0 });
  });

  it('adds up what each tells to have passed, for the window that runs', async () => {
    const ask = { wanted: 1, most: 60 };
    await of('a').take(window('passed'), { ...ask, passed: 3 });
    expect((await of('b').take(window('passed'), { ...ask, passed: 4 })).passed).toBe(7);
    expect((await of('b').take(window('passed', next), { ...ask, passed: 1 })).passed).toBe(1);
  });

  it('takes back what was not used, in its own window only', async () => {
    await of('a').take(window('back'), { wanted: 20, most: 60, passed: 0 });
    await of('a').giveBack(window('back'), 15);
    await of('a').giveBack(window('back', next), 4);
    expect(await of('b').take(window('back'), { wanted: 1, most: 60, passed: 0 })).toEqual({
      granted: 1,
      taken: 6,
      passed: 0,
    });
  });

  it('tells the others what is shut, the latest time that one was told, and how many share', async () => {
    const until = new Date('2030-01-01T00:00:40Z');
    await of('a').shut(connectionId, 'all', until);
    await of('b').shut(connectionId, 'all', new Date(until.getTime() - 5_000));
    expect(await of('a').meet(connectionId)).toMatchObject({ processes: 1, shut: [{ name: 'all', until }] });
    expect((await of('b').meet(connectionId)).processes).toBe(2);
    expect((await of('a').meet(connectionId)).processes).toBe(2);
  });

  it('does not count a process that is not heard of any more, and forgets what is long past', async () => {
    const { db } = under.store();
    const past = new Date(Date.now() - 10_000);
    await db.updateTable('call_sharers').set({ seen_at: past }).where('owner', '=', 'b').execute();
    expect((await of('a').meet(connectionId)).processes).toBe(1);
    const longPast = new Date(Date.now() - 7_200_000);
    await db.updateTable('call_sharers').set({ seen_at: longPast }).where('owner', '=', 'b').execute();
    await db.updateTable('call_windows').set({ touched_at: longPast }).execute();
    await of('a').meet(connectionId);
    expect((await of('a').meet(connectionId)).shut).toEqual([]);
    expect(await db.selectFrom('call_sharers').select('owner').execute()).toEqual([{ owner: 'a' }]);
  });

  it('goes with its connection', async () => {
    const { db } = under.store();
    await of('a').take(window('gone'), { wanted: 1, most: 60, passed: 0 });
    await db.deleteFrom('connections').where('id', '=', connectionId).execute();
    expect(await db.selectFrom('call_windows').select('name').execute()).toEqual([]);
  });
});
