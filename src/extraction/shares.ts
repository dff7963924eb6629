import { z } from 'zod';
import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import type { BulkShare } from '../gitlab/bulk/records.ts';
import { amongKnown, amongStaged, stagedSources } from '../store/extraction-stage.ts';
import type { StagedRows, StagedSource } from '../store/extraction-stage.ts';
import type { NewUnknown } from '../store/extraction-steps.ts';
import type { Store } from '../store/store.ts';
import { LOT, eachSource } from './each-source.ts';
import type { Brought } from './each-source.ts';
import { chunksOf } from './parallel.ts';
import type { Reading } from './reading.ts';
import { lotsOf } from './sources.ts';
import { causeOf, unreadList } from './unknown.ts';

const GROUPS_AT_ONCE = 500;
const HINTS = 'invitations';
const stateSchema = z.object({ groups: z.array(z.string()), projects: z.array(z.string()) });

const OUTSIDE = "The group was invited and lies outside this connection's reach, so its members are not known.";

/**
 * Reads which groups were invited where. An administrator's GitLab tells into which places its groups were invited, and only those
 * are looked at by REST; for others, and below 18.4, a group from outside the reach may be invited anywhere, so each source is.
 */
export async function readShares(reading: Reading, store: Store): Promise<void> {
  const { connection, run } = reading;
  const isTold =
    run.mode === 'FULL' && connection.identity.isAdmin && (await reading.ask(() => reading.bulk.tellsInvitations()));
  const lots = isTold ? chunksOf(await invitedPlaces(reading, store), LOT) : lotsOf(reading, store, LOT);
  await eachSource(reading, {
    what: 'shares',
    part: 'SHARES',
    lots,
    read: (source) => sharesOf(reading, store, source),
  });
}

async function sharesOf(reading: Reading, store: Store, source: StagedSource): Promise<Brought> {
  const links = await reading.bulk.shares(source);
  if (links.length === 0) return {};
  const outside = await outsideReach(reading, store, links);
  const unknowns = outside.map(({ groupId, groupFullPath }): NewUnknown => ({
    kind: 'GROUP',
    gitlabId: groupId,
    fullPath: groupFullPath,
    what: 'MEMBERS',
    cause: OUTSIDE,
  }));
  return { rows: { shares: shareRows(source, links) }, unknowns };
}

function shareRows({ kind, id }: StagedSource, links: readonly BulkShare[]): NonNullable<StagedRows['shares']> {
  return links.map(({ groupId, maxLevel, memberRoleId, expiresAt }) => ({
    source_kind: kind,
    source_id: id,
    group_id: groupId,
    max_level: maxLevel,
    member_role_id: memberRoleId,
    expires_at: expiresAt,
  }));
}

async function outsideReach(reading: Reading, store: Store, links: readonly BulkShare[]): Promise<BulkShare[]> {
  const ids = links.map(({ groupId }) => groupId);
  const found = new Set((await amongStaged(store.db, reading.run.id, 'group', ids)).map(({ id }) => id));
  if (reading.run.mode === 'INCREMENTAL') {
    for (const id of await amongKnown(store.db, reading.connection.id, 'groups', ids)) found.add(id);
  }
  return links.filter(({ groupId }) => !found.has(groupId));
}

/** The places into which GitLab says that groups were invited. */
async function invitedPlaces(reading: Reading, store: Store): Promise<StagedSource[]> {
  let afterId = '0';
  for (;;) {
    const groups = await stagedSources(store.db, reading.run.id, 'group', { afterId, limit: GROUPS_AT_ONCE });
    if (groups.length > 0) await readInvitations(reading, groups);
    const last = groups.at(-1);
    if (last === undefined || groups.length < GROUPS_AT_ONCE) break;
    afterId = last.id;
  }
  const told = reading.stepsOf(`${HINTS}/`).map(({ state }) => stateSchema.parse(state));
  const groupIds = new Set(told.flatMap(({ groups }) => groups));
  const projectIds = new Set(told.flatMap(({ projects }) => projects));
  return [
    ...(await amongStaged(store.db, reading.run.id, 'group', [...groupIds])),
    ...(await amongStaged(store.db, reading.run.id, 'project', [...projectIds])),
  ];
}

async function readInvitations(reading: Reading, groups: readonly StagedSource[]): Promise<void> {
  const step = `${HINTS}/${groups[0]?.id ?? ''}`;
  if (reading.step(step)?.done === true) return;
  const state = { groups: [] as string[], projects: [] as string[] };
  const unknowns: NewUnknown[] = [];
  let rest = groups.map(({ id }) => id);
  for (let tries = 1; rest.length > 0; tries += 1) {
    const asked = rest;
    const answers = await reading.ask(() => reading.bulk.invitations(asked));
    const failure = [...answers.values()].find((answer) => answer instanceof GitLabError);
    const isAgain = failure instanceof GitLabError && (await reading.again(failure, tries));
    rest = [];
    for (const [id, answer] of answers) {
      if (answer instanceof GitLabError && tokenDead(answer)) throw answer;
      if (answer instanceof GitLabError && isAgain) rest.push(id);
      else if (answer === null || answer instanceof GitLabError)
        unknowns.push(unreadList('SHARES', causeOf(answer), id));
      else {
        state.groups.push(...answer.groups);
        state.projects.push(...answer.projects);
      }
    }
  }
  await reading.save({ step, state, done: true, unknowns });
}
