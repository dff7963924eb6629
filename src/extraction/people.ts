import { z } from 'zod';
import { GitLabError, tokenDead, transient } from '../gitlab/errors.ts';
import type { BulkUser } from '../gitlab/bulk/records.ts';
import { missingPeople } from '../store/extraction-stage.ts';
import type { NewUnknown } from '../store/extraction-steps.ts';
import type { Store } from '../store/store.ts';
import { userRows } from './lists.ts';
import type { Reading } from './reading.ts';
import { causeOf } from './unknown.ts';

const AT_ONCE = 500;
const STEP = 'people';
const stateSchema = z.object({ afterId: z.string() });

/** Reads the people who have a row and were in no list. */
export async function readMissingPeople(reading: Reading, store: Store): Promise<void> {
  const begun = reading.step(STEP);
  if (begun?.done === true) return;
  let { afterId } = begun === null ? { afterId: '0' } : stateSchema.parse(begun.state);
  for (;;) {
    const ids = await missingPeople(store.db, reading.run.id, { afterId, limit: AT_ONCE });
    const done = ids.length < AT_ONCE;
    afterId = ids.at(-1) ?? afterId;
    const { users, unknowns } = ids.length === 0 ? { users: [], unknowns: [] } : await readThese(reading, ids);
    await reading.save({ step: STEP, state: { afterId }, done, rows: userRows(users), unknowns });
    if (done) return;
  }
}

async function readThese(reading: Reading, ids: readonly string[]) {
  const users: BulkUser[] = [];
  const unknowns: NewUnknown[] = [];
  let rest = ids;
  for (let tries = 1; rest.length > 0; tries += 1) {
    const answers = await reading.ask(() => reading.bulk.usersById(rest));
    const failed = [...answers.values()].find((answer) => answer instanceof GitLabError && transient(answer));
    const isAgain = failed instanceof GitLabError && (await reading.again(failed, tries));
    const left: string[] = [];
    for (const id of rest) {
      const answer = answers.get(id) ?? null;
      if (answer !== null && !(answer instanceof GitLabError)) users.push(answer);
      else if (answer !== null && tokenDead(answer)) throw answer;
      else if (isAgain && answer !== null && transient(answer)) left.push(id);
      else unknowns.push({ kind: 'PERSON', gitlabId: id, fullPath: null, what: 'PERSON', cause: causeOf(answer) });
    }
    rest = left;
  }
  return { users, unknowns };
}
