import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PGlite } from '@electric-sql/pglite';
import { connectToPGlite } from '../../src/store/embedded-client.ts';
import type { EmbeddedClient, Turn } from '../../src/store/embedded-client.ts';
import { openPGlite } from '../../src/store/embedded.ts';
import { embeddedTemplate } from '../support/stores.ts';

let nowMs = 0;
let pglite: PGlite;
let client: EmbeddedClient;
let turn: Turn;

beforeEach(async () => {
  pglite = await openPGlite(null, await embeddedTemplate());
  client = await connectToPGlite({ pglite, nowMs: () => nowMs });
  turn = await client.acquire();
}, 60_000);

afterEach(async () => {
  turn.release();
  await client.close();
});

/** How often PGlite is called while `work` runs. */
async function callsDuring(work: () => Promise<unknown>): Promise<number> {
  const original = pglite.execProtocolRawStream.bind(pglite);
  let calls = 0;
  pglite.execProtocolRawStream = (...args) => {
    calls += 1;
    return original(...args);
  };
  await work();
  pglite.execProtocolRawStream = original;
  return calls;
}

async function askTimes(count: number, text: string, values: unknown[]): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) await turn.query(text, values);
}

describe('the connection to the embedded store', () => {
  it('asks the database once for a statement, however many messages that is', async () => {
    expect(await callsDuring(() => turn.query('select $1::integer as one', [1]))).toBe(1);
  });

  it('parses a statement that comes often only once', async () => {
    await askTimes(9, 'select $1::integer + 1 as two', [1]);
    const { rows } = await turn.query(
      'select statement, (generic_plans + custom_plans)::integer as runs from pg_prepared_statements',
      [],
    );
    expect(rows).toEqual([{ statement: 'select $1::integer + 1 as two', runs: 7 }]);
  });

  it('goes on after a statement that failed, prepared or not', async () => {
    for (let nth = 0; nth < 5; nth += 1) {
      await expect(turn.query('select 1 / $1::integer', [0])).rejects.toMatchObject({ code: '22012' });
      expect((await turn.query('select 1 / $1::integer as one', [1])).rows).toEqual([{ one: 1 }]);
      await expect(turn.query('select $1::integer from nowhere', [1])).rejects.toMatchObject({ code: '42P01' });
    }
  });

  it('makes no plan last that was made when the table was small', async () => {
    const text = 'select v from grown where id = $1';
    await turn.query('create table grown (id integer primary key, v integer); analyze grown', []);
    await askTimes(9, text, [1]);
    const { rows: prepared } = await turn.query('select name from pg_prepared_statements', []);
    const plan = async (): Promise<string> =>
      JSON.stringify((await turn.query(`explain execute ${String(prepared[0]?.['name'])}(1)`, [])).rows);
    await turn.query('insert into grown select n, n from generate_series(1, 20000) n', []);
    expect(await plan()).toContain('Seq Scan');
    turn.release();
    nowMs += 10_001;
    turn = await client.acquire();
    expect(await plan()).toContain('Index Scan');
  });

  it("is one caller's at a time, in the order in which they asked", async () => {
    const order: string[] = [];
    const later = ['first', 'second'].map(async (name) => {
      const mine = await client.acquire();
      order.push(name);
      mine.release();
    });
    order.push('before');
    turn.release();
    await Promise.all(later);
    expect(order).toEqual(['before', 'first', 'second']);
  });

  it('refuses who waits when it is closed', async () => {
    const closing = client.close();
    const waiting = client.acquire();
    turn.release();
    await closing;
    await expect(waiting).rejects.toThrow('The store is closed.');
  });

  it('hears notifications until it is told not to', async () => {
    const heard: string[] = [];
    const unheard = client.onNotification('bells', (payload) => heard.push(payload));
    await turn.query('listen bells', []);
    await turn.query("notify bells, 'one'", []);
    await turn.query('select $1::integer', [1]);
    unheard();
    await turn.query("notify bells, 'two'", []);
    await turn.query('select $1::integer', [1]);
    expect(heard).toEqual(['one']);
  });
});

describe('the environment', () => {
  it('has no say in how the embedded store is reached', async () => {
    process.env['PGSSLMODE'] = 'require';
    process.env['PGDATABASE'] = 'elsewhere';
    const second = await openPGlite(null, await embeddedTemplate());
    const connected = await connectToPGlite({ pglite: second, nowMs: () => 0 });
    delete process.env['PGSSLMODE'];
    delete process.env['PGDATABASE'];
    const mine = await connected.acquire();
    expect((await mine.query('select current_database() as name', [])).rows).toEqual([{ name: 'postgres' }]);
    mine.release();
    await connected.close();
  });
});
