import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Kysely, sql } from 'kysely';
import { writeAudit } from './audit.ts';
import { createClock, createEmbeddedClock, requireAnswer } from './clock.ts';
import { connectToPGlite } from './embedded-client.ts';
import { embeddedDialect, openPGlite, rawSqlOnEmbedded } from './embedded.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import { ScopedPostgresDialect, openPool, requireSupportedServer } from './postgres.ts';
import { createTransactionScope } from './scope.ts';
import type { TransactionScope } from './scope.ts';
import type { Engine, Store } from './store.ts';
import type { Tables } from './tables.ts';
import { tidyHourly } from './tidy.ts';

export type StoreOptions = {
  /** Folder of the embedded store; null keeps it in memory. Not used with `databaseUrl`. */
  dataDir: string | null;
  /** PostgreSQL instead of the embedded store. */
  databaseUrl: string | null;
  /** Opens only a store that is there, and leaves its tables as they are, whatever version wrote them. */
  asItIs?: boolean;
  /** What a new embedded store begins with (a dump of PGlite's), instead of being made from nothing in seconds. */
  template?: Blob;
  /** Moves the store's clock, in milliseconds; tests only. */
  clockShiftMs: () => number;
  log?: { warn(fields: object, message: string): void };
};

/**
 * Opens the store and brings its tables up to date. Throws an error that says what to do when the folder is in use by
 * another process, or PostgreSQL cannot be reached or is older than 15.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  return options.databaseUrl === null
    ? openEmbedded(options)
    : openPostgres({ ...options, databaseUrl: options.databaseUrl });
}

async function openEmbedded(options: StoreOptions): Promise<Store> {
  const { dataDir } = options;
  if (options.asItIs === true) refuseUnlessThere(dataDir);
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = dataDir === null ? null : lockFolder(dataDir);
  try {
    const pglite = await openPGlite(dataDir === null ? null : path.join(dataDir, 'db'), options.template);
    const client = await connectToPGlite({ pglite, nowMs: () => performance.now() });
    const scope = createTransactionScope();
    const db = new Kysely<Tables>({ dialect: embeddedDialect({ client, scope }) });
    const raw = rawSqlOnEmbedded({ client, scope });
    const tidying = tidyHourly({
      sql: raw,
      onError: (reason) =>
        options.log?.warn({ reason }, 'The store could not be tidied; it is tried again in an hour.'),
    });
    const beforeClose = () => {
      tidying.stop();
    };
    return await ready({
      db,
      engine: { kind: 'embedded', sql: raw },
      scope,
      options,
      beforeClose,
      afterClose: () => lock?.release(),
    });
  } catch (error) {
    lock?.release();
    throw error;
  }
}

const NO_STORE = 'Set DATA_DIR or DATABASE_URL as the gateway has it.';

async function requireTables(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ found: string | null }>`select to_regclass('audit_events')::text as found`.execute(db);
  if ((rows[0]?.found ?? null) === null) throw new Error(`There is no store in this database. ${NO_STORE}`);
}

function refuseUnlessThere(dataDir: string | null): void {
  if (dataDir !== null && existsSync(path.join(dataDir, 'db'))) return;
  throw new Error(`There is no store in "${dataDir ?? 'memory'}". ${NO_STORE}`);
}

async function openPostgres(options: StoreOptions & { databaseUrl: string }): Promise<Store> {
  const pool = openPool({
    url: options.databaseUrl,
    onError: (error) =>
      options.log?.warn({ err: error }, 'An idle connection to PostgreSQL was lost; it is opened again when needed.'),
  });
  const scope = createTransactionScope();
  const db = new Kysely<Tables>({ dialect: new ScopedPostgresDialect({ pool, scope }) });
  const engine: Engine = { kind: 'postgres', url: options.databaseUrl };
  return ready({ db, engine, scope, options, beforeClose: () => undefined, afterClose: () => undefined });
}

type Opened = {
  db: Kysely<Tables>;
  engine: Engine;
  scope: TransactionScope;
  options: StoreOptions;
  beforeClose: () => void;
  afterClose: () => void;
};

async function ready(opened: Opened): Promise<Store> {
  const { db, engine, scope } = opened;
  try {
    if (engine.kind === 'postgres') await requireSupportedServer(db);
    if (opened.options.asItIs === true) await requireTables(db);
    else await migrate(db);
  } catch (error) {
    opened.beforeClose();
    await db.destroy();
    throw error;
  }
  const shiftMs = opened.options.clockShiftMs;
  return {
    db,
    kind: engine.kind,
    engine,
    clock:
      engine.kind === 'embedded'
        ? createEmbeddedClock({ shiftMs })
        : createClock({ db: () => scope.current() ?? db, shiftMs }),
    databaseTime: (at) => new Date(at.getTime() - shiftMs()),
    answers: () => requireAnswer(db),
    async transaction(work) {
      const begin = db.transaction().setIsolationLevel('read committed');
      return begin.execute((tx) =>
        scope.run(tx, async () => {
          const done = await work(tx);
          await writeAudit(tx);
          return done;
        }),
      );
    },
    async close() {
      opened.beforeClose();
      try {
        await db.destroy();
      } finally {
        opened.afterClose();
      }
    },
  };
}
