import type { ExtractionRow } from '../extraction/service.ts';
import type { ConnectionResolvers, ExtractionResolvers, MutationResolvers } from '../generated/resolvers.ts';
import { GatehouseError } from '../errors.ts';
import { fromInputId, toGlobalId } from './global-id.ts';
import { fromCursor, ledgerPage, pageSize, toConnection } from './paging.ts';
import { payload } from './payload.ts';

const NONE: { extraction: ExtractionRow | null } = { extraction: null };

export const extractionMutations: Pick<MutationResolvers, 'startExtraction' | 'cancelExtraction'> = {
  startExtraction: (_root, { input }, { caller, services }) =>
    payload(NONE, async () => {
      const { id: connectionId } = fromInputId(input.connectionId, ['connectionId'], 'Connection');
      const order = { connectionId, mode: input.mode ?? 'FULL', idempotencyKey: input.idempotencyKey ?? null };
      return { extraction: await services.extraction.start(caller.subject, order) };
    }),

  cancelExtraction: (_root, { input }, { caller, services }) =>
    payload(NONE, async () => {
      const { id: extractionId } = fromInputId(input.extractionId, ['extractionId'], 'Extraction');
      const order = { extractionId, idempotencyKey: input.idempotencyKey ?? null };
      return { extraction: await services.extraction.cancel(caller.subject, order) };
    }),
};

/** What was read through a connection, newest first. */
export const extractionsOfConnection: Pick<ConnectionResolvers, 'extractions' | 'lastExtraction'> = {
  extractions: async ({ id }, page, { services }) => {
    const found = await services.extraction.list(id, ledgerPage(page));
    return toConnection(found.rows, (row) => row.id, found);
  },
  lastExtraction: ({ id }, _args, { services }) => services.extraction.lastDone(id),
};

export const extraction: ExtractionResolvers = {
  id: ({ id }) => toGlobalId('Extraction', id),
  connection: async ({ connectionId }, _args, { services }) => {
    const connection = await services.connections.byId(connectionId);
    if (connection === null) throw new GatehouseError('BAD_USER_INPUT', 'This connection no longer exists.');
    return connection;
  },
  unknownSources: async ({ id }, { first, after }, { services }) => {
    const afterId = fromCursor(after);
    if (afterId !== null && !/^\d{1,18}$/.test(afterId)) {
      throw new GatehouseError(
        'BAD_USER_INPUT',
        'after is a cursor of another list; leave it out to begin at the start.',
      );
    }
    const found = await services.extraction.unknowns(id, { first: pageSize(first), afterId });
    return toConnection(found.rows, (row) => row.id, found);
  },
};
