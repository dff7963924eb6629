import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import type { StagedRows, StagedSource } from '../store/extraction-stage.ts';
import { eachOf } from './parallel.ts';
import type { Checkpoint, Reading } from './reading.ts';
import { stepOf } from './sources.ts';
import { unreadSource } from './unknown.ts';
import type { Part } from './unknown.ts';

/** Sources that make one step, each read by calls of its own, and steps under way at once. */
export const LOT = 5;
const WIDTH = 2;

/** What reading one source brought. */
export type Brought = Pick<Checkpoint, 'rows' | 'roles' | 'unknowns'>;

type Sourcewise = {
  /** Names the steps. */
  what: string;
  /** What of a source is unknown when it cannot be read. */
  part: Part;
  lots: AsyncGenerator<StagedSource[], void, undefined>;
  read: (source: StagedSource) => Promise<Brought>;
};

function merge(all: readonly Brought[]) {
  const rows: StagedRows = {
    shares: all.flatMap((one) => one.rows?.shares ?? []),
    tokens: all.flatMap((one) => one.rows?.tokens ?? []),
  };
  return { rows, roles: all.flatMap((one) => one.roles ?? []), unknowns: all.flatMap((one) => one.unknowns ?? []) };
}

/** Reads something of each source by itself; a source that cannot be read is noted, and the others are read (S37). */
export async function eachSource(reading: Reading, { what, part, lots, read }: Sourcewise): Promise<void> {
  const one = async (source: StagedSource): Promise<Brought> => {
    try {
      return await reading.ask(() => read(source));
    } catch (error) {
      if (!(error instanceof GitLabError) || tokenDead(error)) throw error;
      return { unknowns: [unreadSource(source, part, error)] };
    }
  };
  await eachOf(lots, WIDTH, async (lot) => {
    const step = stepOf(what, lot);
    if (reading.step(step)?.done === true) return;
    const brought = merge(await Promise.all(lot.map(one)));
    await reading.save({ step, state: {}, done: true, ...brought });
  });
}
