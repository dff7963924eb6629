import { sql } from 'kysely';
import { z } from 'zod';
import { parseRow, timeColumn } from './parse.ts';
import type { Db } from './store.ts';

/** A window of one of GitLab's limits, by its start on GitLab's clock. */
export type CallWindow = { connectionId: string; name: string; windowAt: Date };

const takenSchema = z.object({ granted: z.number().int(), taken: z.number().int(), passed: z.number().int() });
const shutSchema = z.object({ name: z.string(), shut_until: timeColumn });
const countSchema = z.object({ processes: z.number().int() });

/** A process that was not heard of for so long is not counted. */
const HEARD_OF = sql`interval '5 seconds'`;
const FORGOTTEN = sql`interval '1 hour'`;

/**
 * Takes up to `wanted` calls of the window, so that no more than `most` are taken in all, and adds up what the processes tell to have
 * `passed`; a window that has turned begins at nothing.
 * One statement, so that processes that ask together get what is there and no more.
 */
export async function takeCalls(
  db: Db,
  { connectionId, name, windowAt }: CallWindow,
  { wanted, most, passed }: { wanted: number; most: number; passed: number },
): Promise<{ granted: number; taken: number; passed: number }> {
  const fresh = Math.max(0, Math.min(wanted, most));
  const { rows } = await sql`
    insert into call_windows as w (connection_id, name, window_at, taken, granted, passed, touched_at)
    values (${connectionId}, ${name}, ${windowAt}, ${fresh}, ${fresh}, ${passed}, clock_timestamp())
    on conflict (connection_id, name) do update set
      granted = case
        when w.window_at < excluded.window_at then ${fresh}
        when w.window_at = excluded.window_at then greatest(0, least(${wanted}, ${most} - w.taken))
        else 0 end,
      taken = case
        when w.window_at < excluded.window_at then ${fresh}
        when w.window_at = excluded.window_at then w.taken + greatest(0, least(${wanted}, ${most} - w.taken))
        else w.taken end,
      passed = case
        when w.window_at < excluded.window_at then excluded.passed
        when w.window_at = excluded.window_at then w.passed + excluded.passed
        else w.passed end,
      window_at = greatest(w.window_at, excluded.window_at),
      touched_at = excluded.touched_at
    returning granted, taken, passed`.execute(db);
  return parseRow('call_windows', takenSchema, rows[0]);
}

/** Gives back calls that were taken and not made, if the window still runs. */
export async function giveCallsBack(
  db: Db,
  { connectionId, name, windowAt }: CallWindow,
  calls: number,
): Promise<void> {
  await sql`
    update call_windows set taken = greatest(0, taken - ${calls})
    where connection_id = ${connectionId} and name = ${name} and window_at = ${windowAt}`.execute(db);
}

/** Notes that GitLab refuses calls of this name until then, by GitLab's clock. */
export async function shutCalls(db: Db, connectionId: string, name: string, until: Date): Promise<void> {
  await sql`
    insert into call_windows as w (connection_id, name, window_at, taken, granted, passed, shut_until, touched_at)
    values (${connectionId}, ${name}, to_timestamp(0), 0, 0, 0, ${until}, clock_timestamp())
    on conflict (connection_id, name) do update set
      shut_until = greatest(w.shut_until, excluded.shut_until), touched_at = excluded.touched_at`.execute(db);
}

/** Says that this process works on the connection; answers how many do, and what GitLab has shut, by GitLab's clock. */
export async function meetSharers(
  db: Db,
  connectionId: string,
  owner: string,
): Promise<{ processes: number; shut: { name: string; until: Date }[] }> {
  const { rows } = await sql`
    with here as (
      insert into call_sharers (connection_id, owner, seen_at) values (${connectionId}, ${owner}, clock_timestamp())
      on conflict (connection_id, owner) do update set seen_at = excluded.seen_at
    ), gone as (
      delete from call_sharers
      where connection_id = ${connectionId} and owner <> ${owner} and seen_at < clock_timestamp() - ${FORGOTTEN}
    ), old as (
      delete from call_windows
      where connection_id = ${connectionId} and touched_at < clock_timestamp() - ${FORGOTTEN}
    )
    select count(*)::int + 1 as processes from call_sharers
    where connection_id = ${connectionId} and owner <> ${owner} and seen_at > clock_timestamp() - ${HEARD_OF}`.execute(
    db,
  );
  const shut = await sql`
    select name, shut_until from call_windows
    where connection_id = ${connectionId} and shut_until is not null`.execute(db);
  return {
    processes: parseRow('call_sharers', countSchema, rows[0]).processes,
    shut: shut.rows.map((row) => {
      const { name, shut_until: until } = parseRow('call_windows', shutSchema, row);
      return { name, until };
    }),
  };
}

/** The above bound to a database and to this process. */
export function createCallLimits(db: Db, owner: string) {
  return {
    take: (window: CallWindow, ask: { wanted: number; most: number; passed: number }) => takeCalls(db, window, ask),
    giveBack: (window: CallWindow, calls: number) => giveCallsBack(db, window, calls),
    shut: (connectionId: string, name: string, until: Date) => shutCalls(db, connectionId, name, until),
    meet: (connectionId: string) => meetSharers(db, connectionId, owner),
  };
}
