import { z } from 'zod';
import type { ConnectionResolvers, InsightResolvers } from '../generated/resolvers.ts';
import { dayFrom, earlierRun, openInsight } from '../questions/insight.ts';
import type { Insight } from '../questions/insight.ts';
import { wantedLevels } from '../questions/levels.ts';
import { changes, dormant, expiring } from '../questions/rows.ts';
import { sourceReach } from '../questions/source-reach.ts';
import { EVERYTHING, scopeOfDoors, scopeOfPerson, scopeOfPlace, unknownsIn } from '../questions/unknowns.ts';
import { userReach } from '../questions/user-reach.ts';
import { gitlabIdColumn } from '../store/parse.ts';
import { accessLevelValue } from './access-level.ts';
import { toConnection } from './paging.ts';
import { daysIn, listPage, removedIn, sourceIn, sourceKinds, userIn } from './question-inputs.ts';
import type { ListPage } from './question-inputs.ts';
import { nodesOf } from './question-nodes.ts';
import type { AnswerPage, RemovalNode } from './question-nodes.ts';

/** `Connection.insight`. */
export const insightOfConnection: Pick<ConnectionResolvers, 'insight'> = {
  insight: async ({ id }, { asOf, run }, { services: { store } }) =>
    openInsight({ db: store.db, now: await store.clock.now() }, id, { asOf: asOf ?? null, run: run ?? null }),
};

/** What every page of an answer has beside its entries. */
export const answerPage = {
  totalCount: ({ count }: Pick<AnswerPage<object>, 'count'>) => count(),
  unknownSources: ({ unknowns }: Pick<AnswerPage<object>, 'unknowns'>) => unknowns(),
};

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const sourceKey = z.object({ kind: z.enum(['group', 'project']), id: gitlabIdColumn });
const placeCursor = sourceKey.extend({ fullPath: z.string() });
const levelCursor = z.object({ level: z.int(), userId: gitlabIdColumn });
const expiringCursor = z.object({ expiresAt: day, source: sourceKey, userId: gitlabIdColumn });
const dormantCursor = z.object({ lastActivityOn: day.nullable(), userId: gitlabIdColumn });
const changeCursor = z.object({ source: sourceKey, userId: gitlabIdColumn });

function answer<E, N, C>(
  found: { entries: readonly E[]; hasNextPage: boolean; count: () => Promise<number> },
  shape: { page: ListPage<C>; placeOf: (entry: E) => C; toNode: (entry: E) => N; unknowns: () => Promise<number> },
): AnswerPage<N> {
  const { page, placeOf, toNode, unknowns } = shape;
  const { edges, nodes, pageInfo } = toConnection(
    found.entries.map(toNode),
    (_node, index) => page.cursor(placeOf(found.entries[index] as E)),
    { hasNextPage: found.hasNextPage, hasPreviousPage: page.after !== null },
  );
  return { edges, nodes, pageInfo, count: found.count, unknowns };
}

const keyOf = ({ kind, id }: { kind: 'group' | 'project'; id: string }) => ({ kind, id });

export const insight: InsightResolvers = {
  run: ({ run }) => run.run,
  startedAt: ({ run }) => run.startedAt,
  finishedAt: ({ run }) => run.finishedAt,
  ageSeconds: ({ run, now }) => Math.max(0, Math.floor((now.getTime() - run.finishedAt.getTime()) / 1000)),
  unknownSources: (asked) => unknownsIn(asked, [asked.run.id], EVERYTHING),

  userReach: async (asked, { user: ref, atLeast, kinds, ...args }) => {
    const user = await userIn(asked, ref);
    const question = { user, atLeast: atLeast == null ? null : accessLevelValue(atLeast), kinds: sourceKinds(kinds) };
    const about = ['user reach', asked.connectionId, user.id, question.atLeast, question.kinds];
    const page = listPage(args, about, placeCursor);
    const found = await userReach(asked, question, page);
    return answer(found, {
      page,
      placeOf: ({ source }) => ({ ...keyOf(source), fullPath: source.fullPath }),
      toNode: nodesOf(asked, found.names).reach,
      unknowns: () => unknownsIn(asked, [asked.run.id], scopeOfPerson(user.id)),
    });
  },

  sourceReach: async (asked, { source: ref, atLeast, inForceOnly, ...args }) => {
    const source = await sourceIn(asked, ref);
    const question = { source, atLeast: atLeast == null ? null : accessLevelValue(atLeast), inForceOnly };
    const about = ['source reach', asked.connectionId, keyOf(source), question.atLeast, inForceOnly];
    const page = listPage(args, about, levelCursor);
    const found = await sourceReach(asked, question, page);
    return answer(found, {
      page,
      placeOf: ({ level, userId }) => ({ level, userId }),
      toNode: nodesOf(asked, found.names).reach,
      unknowns: () => unknownsIn(asked, [asked.run.id], scopeOfDoors(found.doors)),
    });
  },

  expiring: async (asked, { withinDays, source: ref, ...args }) => {
    const place = await placeIn(asked, ref);
    const days = daysIn(withinDays, 'withinDays', 0);
    const page = listPage(args, ['expiring', asked.connectionId, days, place], expiringCursor);
    const found = await expiring(asked, { untilDay: dayFrom(asked.asOf, days), place }, page);
    return answer(found, {
      page,
      placeOf: ({ expiresAt, source, userId }) => ({ expiresAt: expiresAt ?? '', source, userId }),
      toNode: nodesOf(asked, found.names).membership,
      unknowns: async () => unknownsIn(asked, [asked.run.id], await scopeOfPlace(asked, place)),
    });
  },

  dormant: async (asked, { days: length, atLeast, kinds, inForceOnly, ...args }) => {
    const days = daysIn(length, 'days', 1);
    const levels = wantedLevels(accessLevelValue(atLeast));
    const page = listPage(args, ['dormant', asked.connectionId, days, atLeast, kinds, inForceOnly], dormantCursor);
    const filter = { lastDay: dayFrom(asked.asOf, -days), levels, kinds, activeOnly: inForceOnly };
    const found = await dormant(asked, filter, page);
    const nodes = nodesOf(asked, found.names);
    return answer(found, {
      page,
      placeOf: ({ user: { id: userId, lastActivityOn } }) => ({ lastActivityOn, userId }),
      toNode: ({ user, rows }) => ({
        user: nodes.user(user.id),
        memberships: rows.slice(0, 20).map(nodes.membership),
        membershipCount: rows.length,
      }),
      unknowns: () => unknownsIn(asked, [asked.run.id], EVERYTHING),
    });
  },

  ifRemoved: async (asked, { removed: ref }): Promise<RemovalNode> => ({
    insight: asked,
    removed: await removedIn(asked, ref),
  }),

  changes: async (asked, { sinceRun, source: ref, kinds, ...args }) => {
    const since = await earlierRun(asked, sinceRun);
    const earlierIds = since === null ? [] : [since.id];
    const place = await placeIn(asked, ref);
    const about = ['changes', asked.connectionId, sinceRun, asked.run.run, place, kinds];
    const page = listPage(args, about, changeCursor);
    const found = await changes(asked, { sinceRun, place, kinds }, page);
    const nodes = nodesOf(asked, found.names);
    return answer(found, {
      page,
      placeOf: ({ before, after }) => cursorOfChange(before ?? after),
      toNode: ({ kind, before, after }) => {
        const { source, userId } = cursorOfChange(before ?? after);
        return {
          kind,
          user: nodes.user(userId),
          source: nodes.source(source),
          before: before && nodes.membership(before),
          after: after && nodes.membership(after),
        };
      },
      unknowns: async () => unknownsIn(asked, [...earlierIds, asked.run.id], await scopeOfPlace(asked, place)),
    });
  },
};

async function placeIn(asked: Insight, ref: Parameters<typeof sourceIn>[1] | null | undefined) {
  return ref == null ? null : keyOf(await sourceIn(asked, ref));
}

function cursorOfChange(row: z.output<typeof changeCursor> | null): z.output<typeof changeCursor> {
  if (row === null) throw new Error('A change has neither a row before nor one after.');
  return { source: row.source, userId: row.userId };
}
