import { Kind } from 'graphql';
import type {
  DocumentNode,
  ExecutionResult,
  GraphQLSchema,
  OperationDefinitionNode,
  VariableDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from '../resolvers/services.ts';
import { Unfit } from './execution-document.ts';
import type { PlainOperation } from './execution-document.ts';
import { asGraphQLErrors } from './execution-errors.ts';
import { askForRows, writeShaped, withRowFields } from './row-fields.ts';
import { writtenData } from './written-data.ts';

/** A query made into code. `weight` is what it is counted as in memory. */
export type Program = {
  weight: number;
  /** `variables` as graphql-js coerced them. */
  run(context: Context, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
};

/** Every variable is of this type in compiled code: its value has been coerced, and is taken as it is. */
const COERCED = 'Coerced';

type Compiled = (context: Context, variables: Readonly<Record<string, unknown>>) => Promise<ExecutionResult>;

/**
 * Makes programs of operations. graphql-jit's own reading of variables differs from graphql-js's (it knows no `@oneOf`, and
 * drops what is absent), so it is given none to do. Lists of rows are left out of compiled code where each row is made of its node
 * alone: their text is written, and kept with the nodes.
 */
export function createCompiler(schema: GraphQLSchema): (plain: PlainOperation, original: DocumentNode) => Program {
  const ours = withRowFields(schema, [COERCED]);
  return ({ operation, constants, weight, variableNames }, original) => {
    const variableDefinitions = [...variableNames, ...Object.keys(constants)].map(coercedVariable);
    const place = { schema, operation, source: original.loc?.source };
    const compile = (asked: OperationDefinitionNode): Compiled => {
      const query = compiledQuery(ours, { ...asked, variableDefinitions });
      return async (context, variables) => {
        const { data = null, errors } = await query(undefined, context, { ...variables, ...constants });
        return errors === undefined ? { data } : { data, errors: asGraphQLErrors(errors, place) };
      };
    };
    const rows = askForRows(schema, operation);
    if (rows === null) return { weight, run: compile(operation) };
    const withRows = compile(rows.operation);
    let fieldByField: Compiled | null = null;
    return {
      weight,
      async run(context, variables) {
        const result = await withRows(context, variables);
        if (result.data == null) return result;
        try {
          const pieces: string[] = [];
          writeShaped(result.data, rows.shape, pieces);
          return { ...result, data: writtenData(context, pieces) };
        } catch {
          // What is wrong with a row, and what becomes of the rest, is told field by field. Reads are kept for the request.
          return (fieldByField ??= compile(operation))(context, variables);
        }
      },
    };
  };
}

function compiledQuery(schema: GraphQLSchema, operation: OperationDefinitionNode) {
  const compiled = compileQuery(schema, { kind: Kind.DOCUMENT, definitions: [operation] }, '', {
    disableLeafSerialization: true,
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) throw new Unfit('refused by the compiler');
  return compiled.query;
}

function coercedVariable(name: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED } },
  };
}
