/** Works on everything that `source` yields, at most `width` at once; the first failure ends it once the others have ended. */
export async function eachOf<T>(
  source: AsyncGenerator<T, void, undefined>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed) {
      const next = await source.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await together(Array.from({ length: width }, worker));
}

/** Resolves when all have ended; rejects with the first failure, but not before the others have ended. */
export async function together(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

export async function* chunksOf<T>(items: readonly T[], size: number): AsyncGenerator<T[], void, undefined> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
