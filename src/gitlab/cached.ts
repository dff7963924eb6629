/** Keeps the last answer for a while; a failure is not kept. Equal questions at the same time share one. */
export function cached<T = readonly string[]>(
  freshMs: number,
  nowMs: () => number,
): (ask: () => Promise<T>) => Promise<T> {
  let kept: { answer: Promise<T>; atMs: number } | null = null;
  return async (ask) => {
    if (kept !== null && nowMs() - kept.atMs < freshMs) return kept.answer;
    const entry = { answer: ask(), atMs: nowMs() };
    kept = entry;
    try {
      return await entry.answer;
    } catch (error) {
      if (kept === entry) kept = null;
      throw error;
    }
  };
}
