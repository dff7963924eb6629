import { GatehouseError } from '../errors.ts';
import { findSource, findUser } from '../store/question-facts.ts';
import type { SourceFact, SourcePointer, UserFact } from '../store/question-facts.ts';
import { findRun } from '../store/questions.ts';
import type { FinishedRun } from '../store/questions.ts';
import type { Db } from '../store/store.ts';
import type { Asked } from './asked.ts';

/** A run to ask questions of, and the moment from which its days are counted. */
export type Insight = Asked & { connectionId: string; run: FinishedRun; asOf: Date; now: Date };

/** The run by its number, or the latest that had finished by `asOf`; null where there is none. */
export async function openInsight(
  deps: { db: Db; now: Date },
  connectionId: string,
  { asOf, run }: { asOf: Date | null; run: number | null },
): Promise<Insight | null> {
  if (asOf !== null && run !== null) throw bad('Give either asOf or run: a run is of one moment already.');
  const found = await findRun(deps.db, connectionId, { asOf, run });
  if (found === null) return null;
  const moment = asOf ?? (run === null ? deps.now : found.finishedAt);
  return { db: deps.db, at: { connectionId, run: found.run }, connectionId, run: found, asOf: moment, now: deps.now };
}

/** The day, in UTC, so many days after a moment (before, where it is negative). */
export function dayFrom(moment: Date, days: number): string {
  return new Date(moment.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** An earlier run by its number, null for 0: before any; throws BAD_USER_INPUT where there is no such run. */
export async function earlierRun({ db, connectionId, run }: Insight, number: number): Promise<FinishedRun | null> {
  if (number === 0) return null;
  const found = number < run.run ? await findRun(db, connectionId, { run: number, asOf: null }) : null;
  if (found !== null) return found;
  throw bad(
    `sinceRun is ${String(number)}; give the number of a finished run before run ${String(run.run)}, or 0 to begin with none.`,
  );
}

/** The user that a question is about; throws BAD_USER_INPUT where the run knows none. */
export async function knownUser({ db, at }: Asked, pointer: { id: string } | { username: string }): Promise<UserFact> {
  const found = await findUser(db, at, pointer);
  if (found !== null) return found;
  const name = 'id' in pointer ? `with the number ${pointer.id}` : `named "${pointer.username}"`;
  throw bad(`Run ${String(at.run)} saw no user ${name} within the connection's reach.`);
}

/** The group or project that a question is about; throws BAD_USER_INPUT where the run knows none. */
export async function knownSource({ db, at }: Asked, pointer: SourcePointer): Promise<SourceFact> {
  const found = await findSource(db, at, pointer);
  if (found !== null) return found;
  const name = 'id' in pointer ? `with the number ${pointer.id}` : `"${pointer.fullPath}"`;
  throw bad(`Run ${String(at.run)} saw no ${pointer.kind} ${name} within the connection's reach.`);
}

function bad(message: string): GatehouseError {
  return new GatehouseError('BAD_USER_INPUT', message);
}
