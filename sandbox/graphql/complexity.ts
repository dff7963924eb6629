import { getArgumentValues, getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLField, GraphQLNamedType, GraphQLObjectType, SelectionSetNode } from 'graphql';
import { costOf } from './fieldCosts.ts';
import { fieldsByKey } from './selections.ts';
import type { Operation } from './selections.ts';

const MAX_PAGE = 100;
const SEARCH_POINTS = 5;

/**
 * GitLab's complexity of one operation, in points (docs/gitlab.md §GraphQL complexity). The operation must be valid
 * and its variables coerced. On an abstract type the dearest possible type counts.
 */
export function complexityOf(operation: Operation): number {
  const { schema, definition } = operation;
  const root = schema.getRootType(definition.operation);
  return root ? ofSelection(operation, [definition.selectionSet], root) : 0;
}

function ofSelection(operation: Operation, sets: readonly SelectionSetNode[], type: GraphQLNamedType): number {
  if (isAbstractType(type)) {
    const possible = operation.schema.getPossibleTypes(type);
    return Math.max(0, ...possible.map((one) => ofSelection(operation, sets, one)));
  }
  if (!isObjectType(type)) return 0;
  let total = 0;
  for (const nodes of fieldsByKey(operation, sets, type).values()) total += ofField(operation, nodes, type);
  return total;
}

function ofField(operation: Operation, nodes: readonly FieldNode[], type: GraphQLObjectType): number {
  const node = nodes[0];
  const field = node && type.getFields()[node.name.value];
  if (!node || !field) return 1;
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const children = ofSelection(operation, sets, getNamedType(field.type));
  const cost = costOf(`${type.name}.${field.name}`);
  if (!cost) return 1 + children;
  if (cost.kind === 'fixed') return cost.cost + children;
  return ofResolver(field, getArgumentValues(field, node, operation.variables), children + 1 + cost.extra);
}

/** The order of the floating point operations is GitLab's: it decides the floor. */
function ofResolver(field: GraphQLField<unknown, unknown>, args: Record<string, unknown>, base: number): number {
  const sum = base + (isPresent(args['sort']) ? 1 : 0) + (isPresent(args['search']) ? SEARCH_POINTS : 0);
  const isConnection = getNamedType(field.type).name.endsWith('Connection');
  const page = isConnection ? Math.min(sizeOf(args['first']), sizeOf(args['last']), MAX_PAGE) : 0;
  return Math.floor(sum + sum * (page * 0.01));
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function sizeOf(value: unknown): number {
  return typeof value === 'number' ? value : MAX_PAGE;
}
