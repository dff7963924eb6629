import { GraphQLError, OperationTypeNode, parse } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { QueryRequest } from './body.ts';
import { complexityOf } from './complexity.ts';
import { shapeOf } from './depth.ts';
import type { Problem } from './problems.ts';
import { fragmentsOf } from './selections.ts';
import { validateDocument } from './validate.ts';
import { isOperation, readVariables } from './variables.ts';

/** Limits of one request; they depend on who asks. */
export interface Limits {
  readonly complexity: number;
  readonly depth: number;
}

/** A query that may run. */
export interface Prepared {
  readonly ok: true;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly complexity: number;
  /** What the analysers refuse it for; the refusal of a batch's sum joins these. */
  readonly problems: readonly Problem[];
}

/** A query that failed before its analysis. */
export interface Unprepared {
  readonly ok: false;
  readonly problems: readonly Problem[];
}

/** Parses, validates, reads variables and analyses one query, in GitLab's order; nothing runs yet. */
export function prepare(schema: GraphQLSchema, request: QueryRequest, limits: Limits): Prepared | Unprepared {
  const parsed = parseQuery(request.query);
  if ('problem' in parsed) return { ok: false, problems: [parsed.problem] };
  const { document } = parsed;
  const problems = validateDocument(schema, document);
  if (problems.length > 0) return { ok: false, problems };
  const operation = chooseOperation(document, request.operationName);
  if ('message' in operation) return { ok: false, problems: [operation] };
  const variables = readVariables(schema, operation, request.variables);
  if (!variables.ok) return { ok: false, problems: variables.problems };
  const analysed = { schema, definition: operation, fragments: fragmentsOf(document), variables: variables.values };
  const complexity = complexityOf(analysed);
  const shape = shapeOf(analysed);
  return {
    ok: true,
    document,
    operation,
    variables: request.variables,
    complexity,
    problems: [
      ...complexityProblem(complexity, limits.complexity),
      ...depthProblem(shape.depth, limits.depth),
      ...recursionProblem(shape.recurring),
    ],
  };
}

/** The refusal of a complexity over its limit, or nothing. */
export function complexityProblem(complexity: number, limit: number): Problem[] {
  if (complexity <= limit) return [];
  const message = `Query has complexity of ${String(complexity)}, which exceeds max complexity of ${String(limit)}`;
  return [{ message }];
}

function depthProblem(depth: number, limit: number): Problem[] {
  if (depth <= limit) return [];
  return [{ message: `Query has depth of ${String(depth)}, which exceeds max depth of ${String(limit)}` }];
}

function recursionProblem(recurring: ReadonlyMap<string, number>): Problem[] {
  if (recurring.size === 0) return [];
  const fields = [...recurring].map(([name, times]) => `"${name}"=>${String(times)}`).join(', ');
  return [
    { message: `Recursive query - too many of fields '{${fields}}' detected\nin single branch of the query")\n` },
  ];
}

function parseQuery(query: string): { document: DocumentNode } | { problem: Problem } {
  if (query.trim() === '') return { problem: { message: 'Unexpected end of document', locations: [] } };
  try {
    return { document: parse(query) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const words = /Expected (.+), found (.+)\.$/.exec(error.message);
    const unexpected = /Unexpected (.+)\.$/.exec(error.message)?.[1];
    const message = words
      ? `Expected ${words[1] ?? ''}, actual: ${words[2] ?? ''}`
      : `Expected a valid document, actual: ${unexpected ?? error.message}`;
    return { problem: { message, locations: error.locations ?? [] } };
  }
}

function chooseOperation(document: DocumentNode, name: string | null): OperationDefinitionNode | Problem {
  const operations = document.definitions.filter(isOperation);
  if (name !== null) {
    const named = operations.find((operation) => operation.name?.value === name);
    return named ?? { message: `No operation named "${name}"` };
  }
  const [only, ...others] = operations;
  if (!only) return { message: 'Unexpected end of document', locations: [] };
  return others.length === 0 ? only : { message: 'An operation name is required' };
}

/** Whether a text holds a mutation; a text that cannot be read holds none. */
export function hasMutation(query: string): boolean {
  const parsed = parseQuery(query);
  if ('problem' in parsed) return false;
  return parsed.document.definitions
    .filter(isOperation)
    .some(({ operation }) => operation === OperationTypeNode.MUTATION);
}
