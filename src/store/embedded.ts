import { PGlite, types } from '@electric-sql/pglite';
import { PGliteAdapter, PGliteDialect, PGliteDriver } from 'kysely';
import type { DatabaseConnection, PGliteDialectConfig } from 'kysely';
import type { Mutex } from './mutex.ts';
import type { TransactionScope } from './scope.ts';
import type { RawSql } from './store.ts';

/** PostgreSQL's default of 128 MB is for servers; the gateway's rows fit a fraction of that, and it is memory of this process. */
const BUFFERS = ['-c', 'shared_buffers=16MB'];

/**
 * Opens (or makes) the embedded PostgreSQL in `folder`; null keeps it in memory. `bigint` comes as a decimal string.
 * `template`, a dump of PGlite's, is what a new one begins with; making one from nothing takes seconds.
 */
export async function openPGlite(folder: string | null, template?: Blob): Promise<PGlite> {
  return PGlite.create({
    dataDir: folder ?? 'memory://',
    ...(template === undefined ? {} : { loadDataDir: template }),
    startParams: [...PGlite.defaultStartParams, ...BUFFERS],
    parsers: { [types.INT8]: (text) => text },
  });
}

/**
 * Kysely on PGlite's one connection, shared fairly with `rawSqlOnPGlite` through one mutex, so that no statement of anybody
 * falls into somebody else's transaction. Asking for the connection inside a transaction is an error, not a deadlock.
 */
export class SharedPGliteDialect extends PGliteDialect {
  readonly #deps: { config: PGliteDialectConfig; mutex: Mutex; scope: TransactionScope };

  constructor(deps: { pglite: PGlite; mutex: Mutex; scope: TransactionScope }) {
    const config = { pglite: deps.pglite };
    super(config);
    this.#deps = { config, mutex: deps.mutex, scope: deps.scope };
  }

  override createAdapter(): PGliteAdapter {
    return new SharedPGliteAdapter();
  }

  override createDriver(): PGliteDriver {
    return new SharedPGliteDriver(this.#deps);
  }
}

/** Tells Kysely not to queue for the connection itself: the driver does, with others. */
class SharedPGliteAdapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SharedPGliteDriver extends PGliteDriver {
  readonly #mutex: Mutex;
  readonly #scope: TransactionScope;
  #release: () => void = () => undefined;
  #destroyed = false;

  constructor(deps: { config: PGliteDialectConfig; mutex: Mutex; scope: TransactionScope }) {
    super(deps.config);
    this.#mutex = deps.mutex;
    this.#scope = deps.scope;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#scope.refuseInside();
    const release = await this.#mutex.acquire();
    if (this.#destroyed) {
      release();
      throw new Error('The store is closed.');
    }
    this.#release = release;
    return super.acquireConnection();
  }

  override releaseConnection(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  /** Waits its turn, so that what is under way ends first; what queued behind it is refused. */
  override async destroy(): Promise<void> {
    const release = await this.#mutex.acquire();
    this.#destroyed = true;
    try {
      await super.destroy();
    } finally {
      release();
    }
  }
}

/** SQL text beside Kysely on the same connection; a script that fails half way is rolled back before the next one's turn. */
export function rawSqlOnPGlite(deps: { pglite: PGlite; mutex: Mutex; scope: TransactionScope }): RawSql {
  const { pglite, mutex, scope } = deps;
  return {
    async run(text, values) {
      scope.refuseInside();
      const release = await mutex.acquire();
      try {
        if (values.length > 0) return (await pglite.query<Record<string, unknown>>(text, values)).rows;
        return (await pglite.exec(text)).flatMap((result) => result.rows);
      } catch (error) {
        // A script may have failed inside its own transaction; when the store is closed there is nothing to roll back.
        await pglite.exec('rollback').catch(() => undefined);
        throw error;
      } finally {
        release();
      }
    },
    async listen(channel, onNotification) {
      const release = await mutex.acquire();
      try {
        return await pglite.listen(channel, onNotification);
      } finally {
        release();
      }
    },
  };
}
