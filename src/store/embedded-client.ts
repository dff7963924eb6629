import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { EmbeddedSocket } from './embedded-socket.ts';
import { createMutex } from './mutex.ts';
import { createStatementNames } from './prepared.ts';

/** A plan that was made for small tables serves large ones badly, and nothing tells PostgreSQL that a table has grown. */
const PLANS_LIVE_MS = 10_000;

/** The one connection to the embedded store while it is one caller's. */
export type Turn = {
  /** One statement. Without values it may be several; the client then answers an array of their results. */
  query(text: string, values: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>>;
  /** What comes after goes to the next in line. Calling it twice does nothing more. */
  release(): void;
};

export type EmbeddedClient = {
  /** Resolves with the connection once everybody before has released it. Rejects when the store is closed. */
  acquire(): Promise<Turn>;
  /** Told of every notification on a channel that is listened to. Returns what ends that. */
  onNotification(channel: string, listener: (payload: string) => void): () => void;
  /** Waits its turn, so that what is under way ends first; what queued behind it is refused. */
  close(): Promise<void>;
};

/**
 * PostgreSQL's own client on PGlite, with the same types of values and errors as on a server. `nowMs` is a clock that only goes
 * forward.
 */
export async function connectToPGlite(deps: { pglite: PGlite; nowMs: () => number }): Promise<EmbeddedClient> {
  const { pglite, nowMs } = deps;
  // All is said here, so that no PG… variable of the environment has a say.
  const client = new pg.Client({
    stream: () => new EmbeddedSocket(pglite),
    user: 'postgres',
    database: 'postgres',
    ssl: false,
  });
  // Whoever asks for something is told of it: the statement under way fails, and so does each one after it.
  client.on('error', () => undefined);
  await client.connect();
  const mutex = createMutex();
  const nameOf = createStatementNames();
  let closed = false;
  let plansSinceMs = nowMs();

  const query: Turn['query'] = (text, values) => {
    if (values.length === 0) return client.query(text);
    const name = nameOf(text);
    return client.query({ text, values: [...values], ...(name === null ? {} : { name }) });
  };

  return {
    async acquire() {
      const release = await mutex.acquire();
      try {
        if (closed) throw new Error('The store is closed.');
        if (nowMs() - plansSinceMs > PLANS_LIVE_MS) {
          plansSinceMs = nowMs();
          await query('discard plans', []);
        }
      } catch (error) {
        release();
        throw error;
      }
      return { query, release };
    },
    onNotification(channel, listener) {
      const heard = (message: pg.Notification): void => {
        if (message.channel === channel) listener(message.payload ?? '');
      };
      client.on('notification', heard);
      return () => client.off('notification', heard);
    },
    async close() {
      const release = await mutex.acquire();
      if (!closed) {
        closed = true;
        await client.end();
        await pglite.close();
      }
      release();
    },
  };
}
