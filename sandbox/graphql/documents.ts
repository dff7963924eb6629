import { GraphQLError, OperationTypeNode, parse } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Problem } from './problems.ts';
import { validateDocument } from './validate.ts';
import { isOperation } from './variables.ts';

const MAX_KEPT = 200;
const KEPT = new WeakMap<GraphQLSchema, Map<string, DocumentNode>>();

/** The document of a query text, or why it has none. Valid ones are kept, since clients send the same few. */
export function readDocument(
  schema: GraphQLSchema,
  query: string,
): { readonly document: DocumentNode } | { readonly problems: readonly Problem[] } {
  const kept = KEPT.get(schema) ?? new Map<string, DocumentNode>();
  KEPT.set(schema, kept);
  const known = kept.get(query);
  if (known) return { document: known };
  const parsed = parseQuery(query);
  if ('problem' in parsed) return { problems: [parsed.problem] };
  const problems = validateDocument(schema, parsed.document);
  if (problems.length > 0) return { problems };
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(query, parsed.document);
  return parsed;
}

/** Whether a text holds a mutation; a text that cannot be read holds none. */
export function hasMutation(query: string): boolean {
  const parsed = parseQuery(query);
  if ('problem' in parsed) return false;
  return parsed.document.definitions
    .filter(isOperation)
    .some(({ operation }) => operation === OperationTypeNode.MUTATION);
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
