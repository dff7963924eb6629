import { GraphQLScalarType, GraphQLSchema, Kind } from 'graphql';
import type { DocumentNode, ExecutionResult, VariableDefinitionNode } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from '../resolvers/services.ts';
import { Unfit } from './execution-document.ts';
import type { PlainOperation } from './execution-document.ts';
import { asGraphQLErrors } from './execution-errors.ts';

/** A query made into code. `weight` is what it is counted as in memory. */
export type Program = {
  weight: number;
  /** `variables` as graphql-js coerced them. */
  run(context: Context, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
};

/** Every variable is of this type in compiled code: its value has been coerced, and is taken as it is. */
const COERCED = new GraphQLScalarType({ name: 'Coerced' });

/**
 * Makes programs of operations. graphql-jit's own reading of variables differs from graphql-js's (it knows no `@oneOf`, and
 * drops what is absent), so it is given none to do.
 */
export function createCompiler(schema: GraphQLSchema): (plain: PlainOperation, original: DocumentNode) => Program {
  const config = schema.toConfig();
  const ours = new GraphQLSchema({ ...config, types: [...config.types, COERCED], assumeValid: true });
  return ({ operation, constants, weight, variableNames }, original) => {
    const variableDefinitions = [...variableNames, ...Object.keys(constants)].map(coercedVariable);
    const definition = { ...operation, variableDefinitions };
    const compiled = compileQuery(ours, { kind: Kind.DOCUMENT, definitions: [definition] }, '', {
      disableLeafSerialization: true,
      disablingCapturingStackErrors: true,
    });
    if (!isCompiledQuery(compiled)) throw new Unfit('refused by the compiler');
    const place = { schema, operation, source: original.loc?.source };
    return {
      weight,
      async run(context, variables) {
        const result: ExecutionResult = await compiled.query(undefined, context, { ...variables, ...constants });
        const { data = null, errors } = result;
        return errors === undefined ? { data } : { data, errors: asGraphQLErrors(errors, place) };
      },
    };
  };
}

function coercedVariable(name: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED.name } },
  };
}
