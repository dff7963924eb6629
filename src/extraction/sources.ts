import { stagedSources } from '../store/extraction-stage.ts';
import type { StagedSource } from '../store/extraction-stage.ts';
import type { Store } from '../store/store.ts';
import { chunksOf } from './parallel.ts';
import type { Reading } from './reading.ts';

const AT_ONCE = 500;

/**
 * All groups, then all projects that the run found, in lots of at most `size` of one kind. Once the lists are read these are the
 * same lots each time, so a run that is taken up again finds its steps.
 */
export async function* lotsOf(
  reading: Reading,
  store: Store,
  size: number,
): AsyncGenerator<StagedSource[], void, undefined> {
  for (const kind of ['group', 'project'] as const) {
    let afterId = '0';
    for (;;) {
      const some = await stagedSources(store.db, reading.run.id, kind, { afterId, limit: AT_ONCE * size });
      yield* chunksOf(some, size);
      const last = some.at(-1);
      if (last === undefined || some.length < AT_ONCE * size) break;
      afterId = last.id;
    }
  }
}

/** The name of the step that reads this of the lot. */
export function stepOf(what: string, lot: readonly StagedSource[]): string {
  return `${what}/${lot[0]?.kind ?? ''}/${lot[0]?.id ?? ''}`;
}
