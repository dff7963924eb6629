import type { RawSql } from './store.ts';
import { messageOf } from './thrown.ts';

const HOUR_MS = 3_600_000;

/**
 * The embedded store has no background worker, so nothing clears up rows that were changed or deleted: once an hour this
 * does, in a moment, taking its turn like any other statement. Does not keep the process alive.
 */
export function tidyHourly(deps: { sql: RawSql; onError: (message: string) => void; everyMs?: number }): {
  stop(): void;
} {
  const timer = setInterval(() => {
    deps.sql.run('vacuum analyze', []).catch((error: unknown) => {
      deps.onError(messageOf(error));
    });
  }, deps.everyMs ?? HOUR_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
    },
  };
}
