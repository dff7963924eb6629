import { sql } from 'kysely';
import type { Clock, Db } from './store.ts';

/**
 * The embedded database runs in this process and on its clock, so the reading needs no statement. `shiftMs` as in `createClock`.
 */
export function createEmbeddedClock({ shiftMs }: { shiftMs: () => number }): Clock {
  return { now: () => Promise.resolve(new Date(Date.now() + shiftMs())) };
}

/** Resolves when the database answers a statement. */
export async function requireAnswer(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}

/**
 * The database's own clock, in milliseconds and UTC, so that several processes judge due times alike.
 * `shiftMs` is added to every reading: tests move it instead of waiting; it is 0 in service.
 * `db` is asked at each reading, so that inside a transaction the reading goes through that transaction's connection.
 */
export function createClock(deps: { db: () => Db; shiftMs: () => number }): Clock {
  return {
    async now() {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(deps.db());
      const now = rows[0]?.now;
      if (now === undefined) throw new Error('The database did not tell the time.');
      return new Date(now.getTime() + deps.shiftMs());
    },
  };
}
