import { HeaderMap } from '@apollo/server';
import type { ApolloServer } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { createLog } from '../../src/log.ts';
import type { Context } from '../../src/resolvers/services.ts';
import { createApollo } from '../../src/server/apollo.ts';

export type Question = { query: string; variables?: Record<string, unknown>; operationName?: string };

/** An answer as it went out, but for the ids of masked errors. */
export type Answered = { status: number; data: unknown; errors: GivenError[] };
export type GivenError = { message: string; path?: (string | number)[]; locations?: object[]; extensions?: object };

export type Sides = {
  schema: GraphQLSchema;
  /** Compiled code's answer, and graphql-js's. */
  both(question: Question): Promise<{ compiled: Answered; plain: Answered }>;
  close(): Promise<void>;
};

/** Two servers with one schema: one compiles each query at once, the other never does. Each question has contexts of its own. */
export async function twoSides(schema: GraphQLSchema, contextFor: () => Context): Promise<Sides> {
  const log = createLog({ level: 'silent', destination: { write: () => undefined } });
  const start = async (compileAt: number): Promise<ApolloServer<Context>> => {
    const apollo = createApollo({ introspection: true, log, schema, compileAt });
    await apollo.start();
    return apollo;
  };
  const [compiling, plain] = await Promise.all([start(1), start(Infinity)]);
  return {
    schema,
    async both(question) {
      return {
        compiled: await ask(compiling, question, contextFor()),
        plain: await ask(plain, question, contextFor()),
      };
    },
    async close() {
      await Promise.all([compiling.stop(), plain.stop()]);
    },
  };
}

async function ask(apollo: ApolloServer<Context>, body: Question, context: Context): Promise<Answered> {
  const { status, body: answer } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      headers: new HeaderMap([['content-type', 'application/json']]),
      search: '',
      body,
    },
    context: () => Promise.resolve(context),
  });
  if (answer.kind !== 'complete') throw new Error('One answer was due.');
  const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  const parsed = JSON.parse(answer.string.replace(ids, 'ID')) as { data?: unknown; errors?: GivenError[] };
  return { status: status ?? 200, data: parsed.data, errors: parsed.errors ?? [] };
}

/**
 * The errors whose fields are null themselves or take an object with them that no other error takes. Of several that take the same
 * object, which one is told depends on which came first; what else was wrong in the lost object is told or not.
 */
export function settled({ data, errors }: Answered): { own: GivenError[]; lost: string[] } {
  const own: GivenError[] = [];
  const lost = new Set<string>();
  for (const error of errors) {
    const { path = [] } = error;
    const depth = nullDepth(data, path);
    if (depth === path.length) own.push(error);
    else lost.add(JSON.stringify(path.slice(0, depth)));
  }
  const text = (error: GivenError): string => JSON.stringify(error.path);
  return { own: own.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)), lost: [...lost].sort() };
}

function nullDepth(data: unknown, path: readonly (string | number)[]): number {
  let at = data;
  for (const [index, key] of path.entries()) {
    if (typeof at !== 'object' || at === null) return index;
    at = (at as Record<string | number, unknown>)[key];
  }
  return path.length;
}
