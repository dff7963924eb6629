import { GraphQLError, OperationTypeNode, execute, getVariableValues } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Context } from '../resolvers/services.ts';
import { createCompiler } from './execution-compiler.ts';
import type { Program } from './execution-compiler.ts';
import { Unfit, conditionsOf, plainOperation } from './execution-document.ts';
import { LeastRecent } from './least-recent.ts';

/** As Apollo hands them over. */
export type Request = {
  request: { variables?: Record<string, unknown> | undefined; operationName?: string | undefined };
  /** Of the text; equal texts have equal documents. */
  queryHash: string;
  document: DocumentNode;
  /** Undefined where the text has none of that name. */
  operation: OperationDefinitionNode | undefined;
  context: Context;
};

export type ExecutionOptions = {
  /** At which asking of the same text it is compiled, 1 being the first; Infinity: never. */
  compileAt: number;
};

/** graphql-js tells at most so many faults of variables. */
const MOST_FAULTS = 50;
/** How many texts are remembered to have been asked. */
const MOST_TEXTS = 2_000;
/** Of all compiled queries together, in fields: each of which holds about 1 KiB. */
const LARGEST_SUM = 30_000;
/** Each condition doubles what one text may be compiled to. */
const MOST_CONDITIONS = 6;

type Text = { asked: number; conditions: readonly string[] | null };

/**
 * Executes operations as graphql-js does, to the same data and errors. A query that comes again is compiled (graphql-jit) for as
 * long as it is among those asked last; mutations, introspection and what `Unfit` names are left to graphql-js. Resolvers may
 * answer promises; what they answer must consist of plain properties and arrays, and types of interfaces be known at once.
 */
export function createExecution(schema: GraphQLSchema, { compileAt }: ExecutionOptions) {
  const compile = createCompiler(schema);
  const texts = new LeastRecent<Text>(MOST_TEXTS);
  const programs = new LeastRecent<Program | null>(LARGEST_SUM, (program) => program?.weight ?? 1);

  const programFor = (asked: Request, operation: OperationDefinitionNode, variables: Record<string, unknown>) => {
    const name = `${asked.queryHash}:${operation.name?.value ?? ''}`;
    const text = texts.get(name) ?? { asked: 0, conditions: null };
    text.asked += 1;
    texts.set(name, text);
    if (text.asked < compileAt) return null;
    text.conditions ??= conditionsOf(asked.document);
    if (text.conditions.length > MOST_CONDITIONS) return null;
    const key = [name, ...text.conditions.map((condition) => String(variables[condition]))].join(':');
    const known = programs.get(key);
    if (known !== undefined) return known;
    const program = fit(() => compile(plainOperation(schema, asked.document, operation, variables), asked.document));
    programs.set(key, program);
    return program;
  };

  return async (asked: Request): Promise<ExecutionResult> => {
    const { request, document, operation, context } = asked;
    if (operation?.operation === OperationTypeNode.QUERY) {
      const given = request.variables ?? {};
      const options = { maxErrors: MOST_FAULTS };
      const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given, options);
      if (coerced === undefined) return { errors };
      const program = programFor(asked, operation, coerced);
      if (program !== null) return program.run(context, coerced);
    }
    const { variables: variableValues, operationName } = request;
    return execute({ schema, document, contextValue: context, variableValues, operationName });
  };
}

/** Null for what is not fit to be compiled; graphql-js tells the error where there is one. */
function fit(work: () => Program): Program | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unfit || error instanceof GraphQLError) return null;
    throw error;
  }
}
