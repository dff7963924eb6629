import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { QueryRequest } from './body.ts';
import { complexityOf } from './complexity.ts';
import { shapeOf } from './depth.ts';
import { readDocument } from './documents.ts';
import type { Problem } from './problems.ts';
import { fragmentsOf } from './selections.ts';
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
  const read = readDocument(schema, request.query);
  if ('problems' in read) return { ok: false, problems: read.problems };
  const { document } = read;
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
