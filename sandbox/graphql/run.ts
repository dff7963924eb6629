import { execute } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { QueryRequest } from './body.ts';
import type { Context } from './context.ts';
import { FieldError, InternalError } from './errors.ts';
import { complexityProblem, prepare } from './prepare.ts';
import type { Limits, Prepared } from './prepare.ts';
import { problemOf } from './problems.ts';
import type { Problem } from './problems.ts';

/** The answer to one query. */
export interface Answer {
  readonly data?: ExecutionResult['data'];
  readonly errors?: readonly Problem[];
}

/**
 * Answers the queries of one request in order. The complexities of a batch are also held against the limit as a sum,
 * over which every query fails. An `InternalError` means 500 for all; mutations that ran before it stay done.
 */
export function answer(
  schema: GraphQLSchema,
  requests: readonly QueryRequest[],
  scope: { context: Omit<Context, 'complexity'>; limits: Limits },
): Answer[] {
  const prepared = requests.map((request) => prepare(schema, request, scope.limits));
  const sum = prepared.reduce((total, one) => total + (one.ok ? one.complexity : 0), 0);
  const ofBatch = requests.length > 1 ? complexityProblem(sum, scope.limits.complexity) : [];
  return prepared.map((one) => {
    const problems = one.ok ? [...ofBatch, ...one.problems] : one.problems;
    if (!one.ok || problems.length > 0) return { errors: problems };
    const complexity = { limit: scope.limits.complexity, score: one.complexity };
    return run(schema, one, { ...scope.context, complexity });
  });
}

function run(schema: GraphQLSchema, prepared: Prepared, context: Context): Answer {
  const { document, operation, variables } = prepared;
  const result = execute({
    schema,
    document,
    contextValue: context,
    variableValues: variables,
    operationName: operation.name?.value ?? null,
  });
  if ('then' in result) throw new InternalError('a resolver answered later: resolvers of the sandbox are synchronous');
  for (const { originalError } of result.errors ?? []) {
    if (originalError && !(originalError instanceof FieldError)) throw originalError;
  }
  return {
    data: result.data ?? null,
    ...(result.errors ? { errors: result.errors.map(problemOf) } : {}),
  };
}
