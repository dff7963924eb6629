import type { ApolloServerPlugin } from '@apollo/server';
import type { Context } from '../resolvers/services.ts';

/**
 * Tells in `extensions.cache.oldestAgeMs` how long before the answer the oldest of it was asked of GitLab, 0 when all was asked for
 * this answer; only where the request asks for it with `"extensions": {"cache": true}`.
 */
export const cacheAge: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, contextValue }) {
        if (request.extensions?.['cache'] !== true || response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        const cache = { oldestAgeMs: contextValue.reuse.oldestAgeMs() };
        singleResult.extensions = { ...singleResult.extensions, cache };
      },
    };
  },
};
