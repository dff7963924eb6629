import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { keySchema } from './gaps.ts';
import type { KeySeen } from './gaps.ts';
import type { Processes } from './processes.ts';

/** What the harness asks a store when something was killed, and at the end. It never tells what must be: that is the ledger's. */
export type StoreView = {
  /** Whether keys may be asked for while a gateway runs on the store. */
  live: boolean;
  /** Keys that somebody holds, or died with; asked while the killed gateway is not started again. */
  keysInHand(): Promise<KeySeen[]>;
  /** Keeps everybody from committing until the answer is called; null where nobody else can reach the store. */
  holdCommits: (() => Promise<() => Promise<void>>) | null;
  /** What is wrong at the end, in words: keys left open, a chain of audit events that does not hold. */
  faults(): Promise<string[]>;
};

const IN_HAND = `select source_kind, source_id, user_id, lease_owner, intent from keys where lease_owner is not null`;

/**
 * A lease that a dead process left on a key with nothing to do runs out by itself; and a closed key is looked at for a while where a
 * write may still land.
 */
const OPEN = `select source_path || ' ' || username as what from keys
  where intent is not null or base is not null or (look_at is not null and late is null and queued is null)`;

const CHAIN = `select 'audit event ' || e.sequence || ' does not follow the one before' as what
  from audit_events e left join audit_events p on p.sequence = e.sequence - 1
  where e.previous_hash <> coalesce(p.hash, repeat('0', 64)) or (p.sequence is null and e.sequence <> 1)
  union all
  select 'the chain ends at ' || h.sequence || ', its last event is ' || coalesce(max(e.sequence), 0)
  from audit_head h left join audit_events e on true
  group by h.sequence, h.hash having h.sequence <> coalesce(max(e.sequence), 0)`;

const TWICE = `select action || ' was written ' || count(*) || ' times for grant ' || grant_id as what from audit_events
  where action in ('GRANT_REQUESTED', 'GRANT_ACTIVATED', 'GRANT_ENDED', 'GRANT_FAILED')
  group by grant_id, action having count(*) > 1`;

export const QUESTIONS = { inHand: IN_HAND, open: OPEN, chain: CHAIN, twice: TWICE } as const;
type Question = keyof typeof QUESTIONS;

const whatSchema = z.array(z.object({ what: z.string() }));
type Ask = (question: Question) => Promise<unknown>;

async function faultsBy(ask: Ask): Promise<string[]> {
  const open = whatSchema.parse(await ask('open')).map(({ what }) => `left open: ${what}`);
  const chain = whatSchema.parse(await ask('chain')).map(({ what }) => what);
  const twice = whatSchema.parse(await ask('twice')).map(({ what }) => what);
  return [...open, ...chain, ...twice];
}

/** A PostgreSQL that goes on running when gateways die. */
export function postgresView(url: string): StoreView {
  const ask: Ask = async (question) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(QUESTIONS[question]);
      return rows;
    } finally {
      await client.end();
    }
  };
  return {
    live: true,
    keysInHand: async () => z.array(keySchema).parse(await ask('inHand')),
    faults: () => faultsBy(ask),
    async holdCommits() {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      // Every change of a grant is told in the chain of events, so whoever holds its end holds all of them.
      await client.query('begin');
      await client.query('select from audit_head for update');
      return () => client.end();
    },
  };
}

/**
 * An embedded store between two lives of its gateway. It is read from a copy, in a process of its own, so that recovering from
 * the kill stays the gateway's work.
 */
export function embeddedView(deps: { processes: Processes; dataDir: string; spareDir: string }): StoreView {
  let copies = 0;
  const copy = async (): Promise<string> => {
    const folder = path.join(deps.spareDir, `copy-${String((copies += 1))}`);
    await cp(path.join(deps.dataDir, 'db'), folder, { recursive: true });
    return folder;
  };
  const asker =
    (folder: string): Ask =>
    async (question) => {
      const rows: unknown = JSON.parse(await deps.processes.run('chaos/peek.ts', { args: [folder, question] }));
      return rows;
    };
  const read = async <T>(folder: string, work: (ask: Ask) => Promise<T>): Promise<T> => {
    try {
      return await work(asker(folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    live: false,
    holdCommits: null,
    keysInHand: async () => read(await copy(), async (ask) => z.array(keySchema).parse(await ask('inHand'))),
    faults: async () => read(await copy(), faultsBy),
  };
}
