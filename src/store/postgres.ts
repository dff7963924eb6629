import { PostgresDialect, PostgresDriver, sql } from 'kysely';
import type { DatabaseConnection, Kysely, PostgresDialectConfig } from 'kysely';
import pg from 'pg';
import type { TransactionScope } from './scope.ts';
import type { Tables } from './tables.ts';
import { messageOf } from './thrown.ts';

const OLDEST_SUPPORTED = 150_000;

/**
 * A pool on `url`. Values come as on the embedded store: `bigint` as text, `timestamptz` as Date, `jsonb` parsed.
 * A process that hangs inside a transaction loses it after a minute, so that it cannot hold the others up for ever.
 */
export function openPool(deps: { url: string; onError: (error: Error) => void }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: deps.url,
    application_name: 'gatehouse',
    max: 10,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  });
  pool.on('error', deps.onError);
  return pool;
}

/** Kysely on the pool; asking for a second connection inside a transaction is an error, as on the embedded store. */
export class ScopedPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  readonly #scope: TransactionScope;

  constructor(deps: { pool: pg.Pool; scope: TransactionScope }) {
    const config = { pool: deps.pool };
    super(config);
    this.#config = config;
    this.#scope = deps.scope;
  }

  override createDriver(): PostgresDriver {
    return new ScopedPostgresDriver(this.#config, this.#scope);
  }
}

class ScopedPostgresDriver extends PostgresDriver {
  readonly #scope: TransactionScope;

  constructor(config: PostgresDialectConfig, scope: TransactionScope) {
    super(config);
    this.#scope = scope;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#scope.refuseInside();
    return super.acquireConnection();
  }
}

/** Throws, with what to do, when the server cannot be reached or is older than PostgreSQL 15. */
export async function requireSupportedServer(db: Kysely<Tables>): Promise<void> {
  const query = sql<{ number: string; text: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as text`;
  const { rows } = await query.execute(db).catch((error: unknown) => {
    throw new Error(
      `PostgreSQL cannot be reached (${messageOf(error)}). Check DATABASE_URL: host, port, user, password and database name.`,
      { cause: error },
    );
  });
  const version = rows[0];
  if (version === undefined || Number(version.number) < OLDEST_SUPPORTED) {
    throw new Error(
      `PostgreSQL ${version?.text ?? '(unknown)'} is too old: use PostgreSQL 15 or newer, or leave DATABASE_URL out for the embedded store.`,
    );
  }
}
