import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { AbortedTransactionError, PGliteAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { EmbeddedClient, Turn } from './embedded-client.ts';
import type { TransactionScope } from './scope.ts';
import type { RawSql } from './store.ts';

/** PostgreSQL's default of 128 MB is for servers; the gateway's rows fit a fraction of that, and it is memory of this process. */
const BUFFERS = ['-c', 'shared_buffers=16MB'];

/**
 * V8 would compile PostgreSQL's busiest functions a second time in the background, to run faster: some of them are huge, so that
 * takes 300 MB and seconds of the processor while the gateway starts, and most statements here gain next to nothing.
 */
const COMPILE_ONCE = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/**
 * Opens (or makes) the embedded PostgreSQL in `folder`; null keeps it in memory.
 * `template`, a dump of PGlite's, is what a new one begins with; making one from nothing takes seconds.
 */
export async function openPGlite(folder: string | null, template?: Blob): Promise<PGlite> {
  for (const flag of COMPILE_ONCE) setFlagsFromString(flag);
  return PGlite.create({
    dataDir: folder ?? 'memory://',
    ...(template === undefined ? {} : { loadDataDir: template }),
    startParams: [...PGlite.defaultStartParams, ...BUFFERS],
  });
}

type Deps = { client: EmbeddedClient; scope: TransactionScope };

/**
 * Kysely on the embedded store's one connection, shared fairly with `rawSqlOnEmbedded`, so that no statement of anybody
 * falls into somebody else's transaction. Asking for the connection inside a transaction is an error, not a deadlock.
 */
export function embeddedDialect(deps: Deps): Dialect {
  return {
    createAdapter: () => new SharedAdapter(),
    createDriver: () => new EmbeddedDriver(deps),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Tells Kysely not to queue for the connection itself: it queues with others. */
class SharedAdapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Kysely asks for one connection at a time, so the turn that is taken is the connection's. */
class EmbeddedDriver implements Driver {
  readonly #deps: Deps;
  readonly #connection: DatabaseConnection = {
    executeQuery: (statement) => this.#execute(statement),
    streamQuery: () => {
      throw new Error('The embedded store gives its rows at once.');
    },
  };
  #turn: Turn | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#deps.scope.refuseInside();
    this.#turn = await this.#deps.client.acquire();
    return this.#connection;
  }

  async beginTransaction(_connection: DatabaseConnection, { isolationLevel }: TransactionSettings): Promise<void> {
    await this.#query(isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`);
  }

  /** PostgreSQL answers "ROLLBACK" when a statement had failed and the failure was passed over. */
  async commitTransaction(): Promise<void> {
    const { command } = await this.#query('commit');
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  async rollbackTransaction(): Promise<void> {
    await this.#query('rollback');
  }

  releaseConnection(): Promise<void> {
    this.#turn?.release();
    this.#turn = null;
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    return this.#deps.client.close();
  }

  async #query(text: string, values: readonly unknown[] = []): ReturnType<Turn['query']> {
    if (this.#turn === null) throw new Error('The connection was not asked for.');
    return this.#turn.query(text, values);
  }

  async #execute<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.#query(sql, parameters);
    return { rows: rows as R[], ...(rowCount === null ? {} : { numAffectedRows: BigInt(rowCount) }) };
  }
}

/** SQL text beside Kysely on the same connection; a script that fails half way is rolled back before the next one's turn. */
export function rawSqlOnEmbedded({ client, scope }: Deps): RawSql {
  return {
    async run(text, values) {
      scope.refuseInside();
      const turn = await client.acquire();
      try {
        // Several statements have several results.
        return [await turn.query(text, values)].flat().flatMap(({ rows }) => rows);
      } catch (error) {
        // A script may have failed inside its own transaction.
        await turn.query('rollback', []).catch(() => undefined);
        throw error;
      } finally {
        turn.release();
      }
    },
    async listen(channel, onNotification) {
      const turn = await client.acquire();
      try {
        await turn.query(`listen ${channel}`, []);
      } finally {
        turn.release();
      }
      const unheard = client.onNotification(channel, onNotification);
      return () => {
        unheard();
        return Promise.resolve();
      };
    },
  };
}
