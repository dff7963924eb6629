import { countStagedSources } from '../store/extraction-stage.ts';
import type { Coverage } from '../store/extraction-publish.ts';
import { unreadLists } from '../store/extraction-steps.ts';
import type { Store } from '../store/store.ts';
import { readMembers } from './members.ts';
import { together } from './parallel.ts';
import { readMissingPeople } from './people.ts';
import { readChanges, readEverything, readPeople } from './places.ts';
import type { Reading } from './reading.ts';
import { readRoles } from './roles.ts';
import { readShares } from './shares.ts';
import { readPersonalTokens, readSourceTokens } from './tokens.ts';

const COUNTED = 'counted';

/** Reads all that the run is to read, from where it was left, into what it collects. Throws `RunLost`, or a dead token's error. */
export async function readAll(reading: Reading, store: Store): Promise<void> {
  const people = readPeople(reading, store);
  const personal = reading.run.mode === 'FULL' ? readPersonalTokens(reading) : Promise.resolve();
  await together([people, personal, readSources(reading, store, people)]);
}

async function readSources(reading: Reading, store: Store, people: Promise<void>): Promise<void> {
  await (reading.run.mode === 'FULL' ? readEverything(reading) : readChanges(reading, store));
  if (reading.step(COUNTED) === null) {
    const total = await countStagedSources(store.db, reading.run.id);
    await reading.save({ step: COUNTED, state: {}, done: true, total });
  }
  const meet = async (): Promise<void> => {
    await together([readMembers(reading, store), people]);
    await readMissingPeople(reading, store);
  };
  const met = meet();
  const tokensAfter = async (): Promise<void> => {
    await met;
    await readSourceTokens(reading, store);
  };
  await together([tokensAfter(), readRoles(reading, store, met), readShares(reading, store)]);
}

/** What the run has seen the whole of. */
export async function coverageOf(reading: Reading, store: Store): Promise<Coverage> {
  const unread = await unreadLists(store.db, reading.run.id);
  const isFull = reading.run.mode === 'FULL';
  return {
    groups: isFull && !unread.has('GROUPS'),
    projects: isFull && !unread.has('PROJECTS'),
    users: isFull && !unread.has('USERS'),
    shares: !unread.has('SHARES'),
    personalTokens: isFull && !unread.has('TOKENS'),
  };
}
