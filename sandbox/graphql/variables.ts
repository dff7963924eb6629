import {
  coerceInputValue,
  getNamedType,
  isEnumType,
  isInputType,
  isNonNullType,
  Kind,
  print,
  typeFromAST,
  valueFromAST,
} from 'graphql';
import type {
  DefinitionNode,
  GraphQLError,
  GraphQLInputType,
  GraphQLSchema,
  OperationDefinitionNode,
  VariableDefinitionNode,
} from 'graphql';
import type { Problem } from './problems.ts';

interface ValueProblem {
  readonly path: readonly (string | number)[];
  readonly explanation: string;
}

/** The variables of a run, or what is wrong with them. */
export type Variables =
  | { readonly ok: true; readonly values: Record<string, unknown> }
  | { readonly ok: false; readonly problems: Problem[] };

/** Reads the variables an operation declares; refusals echo the value back, as GitLab's do. */
export function readVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Variables {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, definition.type);
    const name = definition.variable.name.value;
    if (!type || !isInputType(type)) continue;
    if (!Object.hasOwn(given, name)) {
      if (definition.defaultValue) values[name] = valueFromAST(definition.defaultValue, type);
      else if (isNonNullType(type)) problems.push(refusal(definition, null, [nullProblem()]));
      continue;
    }
    const { value, found } = coerce(given[name], type);
    if (found.length > 0) problems.push(refusal(definition, given[name], found));
    else values[name] = value;
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

function coerce(given: unknown, type: GraphQLInputType): { value: unknown; found: ValueProblem[] } {
  const found: ValueProblem[] = [];
  const value = coerceInputValue(given, type, (path, invalid, error) => {
    found.push({ path, explanation: explain(error, invalid, type) });
  });
  return { value, found };
}

function nullProblem(): ValueProblem {
  return { path: [], explanation: 'Expected value to not be null' };
}

function explain(error: GraphQLError, invalid: unknown, type: GraphQLInputType): string {
  if (error.originalError) return error.originalError.message;
  if (/non-nullable|of required type/.test(error.message)) return nullProblem().explanation;
  if (/is not defined by type/.test(error.message)) {
    return `Field is not defined on ${/by type "(\w+)"/.exec(error.message)?.[1] ?? ''}`;
  }
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const names = named.getValues().map((value) => value.name);
    return `Expected ${JSON.stringify(invalid)} to be one of: ${names.join(', ')}`;
  }
  return `Could not coerce value ${JSON.stringify(invalid)} to ${/^(\w+) cannot represent/.exec(error.message)?.[1] ?? named.name}`;
}

function refusal(definition: VariableDefinitionNode, value: unknown, problems: readonly ValueProblem[]): Problem {
  const details = problems
    .filter(({ path }) => path.length > 0)
    .map(({ path, explanation }) => `${path.join('.')} (${explanation})`);
  const forWhat = details.length > 0 ? ` for ${details.join(', ')}` : '';
  const name = definition.variable.name.value;
  const token = definition.loc?.startToken;
  return {
    message: `Variable $${name} of type ${print(definition.type)} was provided invalid value${forWhat}`,
    ...(token?.kind ? { locations: [{ line: token.line, column: token.column }] } : {}),
    extensions: { value, problems },
  };
}

/** True where a definition is an operation (a type guard for `filter`). */
export function isOperation(definition: DefinitionNode): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION;
}
