import { forgetBefore } from '../store/extraction-publish.ts';
import { clearStage } from '../store/extraction-stage.ts';
import type { ExtractionDeps } from './deps.ts';

const EVERY_MS = 3_600_000;

/**
 * Forgets what is of no use any more: now, and at most once an hour from then on. What runs collected that are over is cleared
 * when they end; what is found of it here was left by a process that died just then.
 */
export function createForgetting({ store, settings }: Pick<ExtractionDeps, 'store' | 'settings'>): () => Promise<void> {
  let nextAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = (await store.clock.now()).getTime();
    if (nowMs < nextAtMs) return;
    await clearStage(store.db, null);
    if (settings.keepMs !== null) await forgetBefore(store.db, new Date(nowMs - settings.keepMs));
    nextAtMs = nowMs + EVERY_MS;
  };
}
