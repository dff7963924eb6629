import type { GraphQLSchema } from 'graphql';
import type { Authentication } from '../http/auth.ts';
import type { Reply } from '../http/reply.ts';
import type { WireRequest } from '../http/request.ts';
import type { Viewer, World } from '../model/index.ts';
import { readBody } from './body.ts';
import type { QueryRequest, RequestBody } from './body.ts';
import { refusalOfCaller } from './caller.ts';
import { hasMutation } from './documents.ts';
import { FieldError, InternalError, RequestError } from './errors.ts';
import { resolveType, RESOLVERS } from './resolvers.ts';
import { answer } from './run.ts';
import { attachResolvers, buildSlice, introspectionOf } from './schema.ts';
import { defaultGraphQLSettings } from './settings.ts';
import type { GraphQLSettings } from './settings.ts';

export { defaultGraphQLSettings };
export type { GraphQLSettings };

/** What the handler needs. */
export interface GraphQLDeps {
  readonly world: World;
  /** Limits and timeouts that tests change; GitLab's own when left out. */
  readonly settings?: GraphQLSettings;
  /** Base of web addresses, without a slash at its end. */
  readonly baseUrl: () => string;
}

/** A request at `/api/graphql` with the caller already looked up. */
export type GraphQLRequest = Pick<WireRequest, 'method' | 'headers' | 'queryText' | 'bodyText'> & {
  readonly auth: Authentication;
};

const MAX_QUERY_SIZE = 10_000;

/**
 * Makes the handler of GitLab's GraphQL endpoint: one answer for one query, an array for an array. It never rejects;
 * what would be an exception in GitLab is answered as its 500 (docs/gitlab.md §GraphQL transport).
 */
export function createGraphQLHandler(deps: GraphQLDeps): (request: GraphQLRequest) => Promise<Reply> {
  const settings = deps.settings ?? defaultGraphQLSettings();
  const schemas = new Map<string, GraphQLSchema>();
  const schemaFor = (version: string, withoutDeprecated: boolean): GraphQLSchema => {
    const key = `${version} ${String(withoutDeprecated)}`;
    const schema = schemas.get(key) ?? buildSchema(settings, { version, withoutDeprecated });
    schemas.set(key, schema);
    return schema;
  };
  const handle = (request: GraphQLRequest): Reply => {
    const refusal = refusalOfCaller(request.auth);
    if (refusal) return errorReply(refusal.status, refusal.message);
    const body = readBody({ ...request, contentType: request.headers['content-type'] ?? '' });
    checkBody(request.method, body);
    const withoutDeprecated = new URLSearchParams(request.queryText).get('remove_deprecated') === 'true';
    const schema = schemaFor(deps.world.settings.version, withoutDeprecated);
    const [first] = body.queries;
    if (!body.isBatch && first && asksForSchema(first)) return { status: 200, body: { data: introspectionOf(schema) } };
    const answers = answer(schema, body.queries, scopeOf(deps, settings, request.auth));
    return { status: 200, body: body.isBatch ? answers : answers[0] };
  };
  return (request) => Promise.resolve(guarded(() => handle(request)));
}

function buildSchema(
  settings: GraphQLSettings,
  options: { version: string; withoutDeprecated: boolean },
): GraphQLSchema {
  return attachResolvers(buildSlice(options), RESOLVERS, {
    resolveType,
    before: (coordinate) => {
      if (settings.timeouts.has(coordinate)) throw new FieldError(`Timeout on ${coordinate}`);
    },
  });
}

function guarded(handle: () => Reply): Reply {
  try {
    return handle();
  } catch (error) {
    if (error instanceof RequestError) {
      return error.shape === 'error'
        ? { status: error.status, body: { error: error.message } }
        : errorReply(error.status, error.message);
    }
    if (error instanceof InternalError) return errorReply(500, 'Internal server error');
    throw error;
  }
}

function errorReply(status: number, message: string): Reply {
  return { status, body: { errors: [{ message }] } };
}

function checkBody(method: string, body: RequestBody): void {
  const size = body.queries.reduce((sum, { query }) => sum + query.length, 0);
  if (size > MAX_QUERY_SIZE) throw new RequestError(422, 'Query too large');
  if (method !== 'POST' && body.queries.some(({ query }) => hasMutation(query))) {
    throw new RequestError(422, 'Mutations are forbidden in GET requests');
  }
}

/** Whether GitLab answers with its static schema file, whatever the text asks (docs/gitlab.md §introspection). */
function asksForSchema({ query, operationName, hasOperationName }: QueryRequest): boolean {
  if (hasOperationName) return operationName === 'IntrospectionQuery';
  const asksForType = /__type(?!name)/.test(query) && !query.includes('__typename');
  return query.includes('__schema') || asksForType || /\bquery\s+IntrospectionQuery\b/.test(query);
}

function scopeOf(deps: GraphQLDeps, settings: GraphQLSettings, auth: Authentication): Parameters<typeof answer>[2] {
  const { world } = deps;
  const user = auth.kind === 'user' ? auth.user : null;
  // Admin rights need no Admin Mode and no scope of their own here, unlike in REST.
  const viewer: Viewer = { user, admin: user?.admin === true };
  const kind = user ? (user.admin ? 'admin' : 'user') : 'anonymous';
  return {
    context: { world, viewer, token: auth.kind === 'user' ? auth.token : null, baseUrl: deps.baseUrl() },
    limits: { complexity: settings.complexity[kind], depth: settings.depth[user ? 'user' : 'anonymous'] },
  };
}
