import { z } from 'zod';
import type { RemovalEffectResolvers } from '../generated/resolvers.ts';
import { countLosers, losses } from '../questions/removal.ts';
import type { Removed } from '../questions/removal.ts';
import { scopeOfPerson, scopeOfPlace, unknownsIn } from '../questions/unknowns.ts';
import { gitlabIdColumn } from '../store/parse.ts';
import { accessLevelOf } from './access-level.ts';
import { toConnection } from './paging.ts';
import { listPage } from './question-inputs.ts';
import { nodesOf } from './question-nodes.ts';

const lossCursor = z.object({
  userId: gitlabIdColumn,
  fullPath: z.string(),
  kind: z.enum(['group', 'project']),
  id: gitlabIdColumn,
});

export const removalEffect: RemovalEffectResolvers = {
  peopleCount: ({ insight, removed }) => countLosers(insight, removed),
  unknownSources: async ({ insight, removed }) =>
    unknownsIn(
      insight,
      [insight.run.id],
      removed.kind === 'row' ? scopeOfPerson(removed.user.id) : await scopeOfPlace(insight, null),
    ),
  losses: async ({ insight, removed }, args) => {
    const page = listPage(args, ['losses', insight.connectionId, named(removed)], lossCursor);
    const { entries, hasNextPage, names } = await losses(insight, removed, page);
    const nodes = nodesOf(insight, names);
    const rows = entries.map(({ userId, source, before, after }) => ({
      user: nodes.user(userId),
      source: nodes.source(source),
      accessLevelBefore: accessLevelOf(before),
      accessLevelValueBefore: before,
      accessLevelAfter: accessLevelOf(after),
      accessLevelValueAfter: after,
    }));
    const cursorAt = (_row: unknown, index: number): string => {
      const loss = entries[index];
      if (loss === undefined) throw new Error('A page has more nodes than entries.');
      const { fullPath, kind, id } = loss.source;
      return page.cursor({ userId: loss.userId, fullPath, kind, id });
    };
    return toConnection(rows, cursorAt, { hasNextPage, hasPreviousPage: page.after !== null });
  },
};

function named(removed: Removed): unknown[] {
  const { kind, id } = removed.source;
  return [removed.kind, removed.kind === 'row' ? removed.user.id : removed.groupId, kind, id];
}
