import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import type { MaxDepthOptions } from '@escape.tech/graphql-armor-max-depth';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '../log.ts';
import { resolvers } from '../resolvers/index.ts';
import type { Context } from '../resolvers/services.ts';
import { createFormatError } from './errors.ts';
import { createExecution } from './execution.ts';
import type { ExecutionOptions } from './execution.ts';
import { roleGuard } from './guard.ts';
import { readSdl } from './sdl.ts';
import { textOfResult } from './written-data.ts';

/** Deep enough for a member of a group of a project of a connection and all there is of it. */
const MAX_DEPTH = 16;
/** Enough to ask for every group of a full page by a name of its own. */
const MAX_ALIASES = 200;
const MAX_TOKENS = 20_000;
/** Making code of a query takes about as long as answering it once does, and is not worth it for one that never comes again. */
const COMPILE_AT = 2;

/** The public schema with its resolvers. */
export function makeSchema(): GraphQLSchema {
  return makeExecutableSchema({ typeDefs: readSdl(), resolvers });
}

export type ApolloDeps = { introspection: boolean; log: Log; schema?: GraphQLSchema } & Partial<ExecutionOptions>;

/**
 * The GraphQL server, not started. Documents are bounded before they are executed, root fields held against roles, and errors
 * masked. Fields of a mutation run one after the other, as GraphQL has it.
 */
export function createApollo(deps: ApolloDeps): ApolloServer<Context> {
  const { schema = makeSchema(), compileAt = COMPILE_AT } = deps;
  return new ApolloServer<Context>({
    gateway: gatewayOf(schema, { compileAt }),
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
    // Apollo's own adds a line break, for which a long answer is copied.
    stringifyResult: textOfResult,
    logger: deps.log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      roleGuard,
    ],
  });
}

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];

/** Apollo's way to be given another executor: the schema is known from the start, and never changes. */
function gatewayOf(schema: GraphQLSchema, options: ExecutionOptions): Gateway {
  const execution = createExecution(schema, options);
  const listeners = new Set<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>();
  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: '' });
      return { executor: ({ context, ...asked }) => execution({ ...asked, context: context as Context }) };
    },
    async stop() {
      listeners.clear();
    },
  };
}

/** A limit that is passed is an error of the document, like any other that validation finds. */
function refusing(what: string): Pick<MaxDepthOptions, 'onReject' | 'propagateOnRejection'> {
  return {
    propagateOnRejection: false,
    onReject: [(context) => context?.reportError(new GraphQLError(`The query ${what}. Ask in several queries.`))],
  };
}
