import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import type { MaxDepthOptions } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError } from 'graphql';
import type { Log } from '../log.ts';
import { resolvers } from '../resolvers/index.ts';
import type { Context } from '../resolvers/services.ts';
import { createFormatError } from './errors.ts';
import { roleGuard } from './guard.ts';
import { readSdl } from './sdl.ts';

/** Deep enough for a member of a group of a project of a connection and all there is of it. */
const MAX_DEPTH = 16;
/** Enough to ask for every group of a full page by a name of its own. */
const MAX_ALIASES = 200;
const MAX_TOKENS = 20_000;

/**
 * The GraphQL server, not started. Documents are bounded before they are executed, root fields held against roles, and errors
 * masked. Fields of a mutation run one after the other, as GraphQL has it.
 */
export function createApollo(deps: { introspection: boolean; log: Log }): ApolloServer<Context> {
  return new ApolloServer<Context>({
    typeDefs: readSdl(),
    resolvers,
    introspection: deps.introspection,
    hideSchemaDetailsFromClientErrors: !deps.introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    validationRules: [
      maxDepthRule({
        n: MAX_DEPTH,
        flattenFragments: true,
        ...refusing(`is more than ${String(MAX_DEPTH)} levels deep`),
      }),
      maxAliasesRule({ n: MAX_ALIASES, ...refusing(`has more than ${String(MAX_ALIASES)} aliases`) }),
    ],
    formatError: createFormatError(deps.log),
    logger: deps.log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      roleGuard,
    ],
  });
}

/** A limit that is passed is an error of the document, like any other that validation finds. */
function refusing(what: string): Pick<MaxDepthOptions, 'onReject' | 'propagateOnRejection'> {
  return {
    propagateOnRejection: false,
    onReject: [(context) => context?.reportError(new GraphQLError(`The query ${what}. Ask in several queries.`))],
  };
}
