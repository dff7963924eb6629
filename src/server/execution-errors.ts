import { GraphQLError, Kind, getNullableType, isCompositeType, isListType, isNonNullType } from 'graphql';
import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  Source,
} from 'graphql';

/** An error as compiled code leaves it: of the form of a GraphQLError, what was thrown beside it. */
export type RawError = Pick<GraphQLError, 'message' | 'path' | 'locations'> & { originalError?: unknown };

/** The operation as it was compiled, and the text that its places point into. */
export type Place = { schema: GraphQLSchema; operation: OperationDefinitionNode; source: Source | undefined };

type Path = readonly (string | number)[];
type Scope = { type: GraphQLCompositeType; set: SelectionSetNode };
type Located = { error: RawError; order: number[]; nulled: Path };

/**
 * The errors that graphql-js gives, in the order of the document: each a GraphQLError around its cause. Where several take the
 * same object with them (fields that must not be null), the first is told, and what lies behind it in that object is not.
 */
export function asGraphQLErrors(errors: readonly RawError[], place: Place): GraphQLError[] {
  const located = errors.map((error) => locate(error, place)).sort((a, b) => compare(a.order, b.order));
  const nulled: Path[] = [];
  return located.flatMap((one) => {
    const { path = [] } = one.error;
    if (nulled.some((gone) => gone.every((key, index) => path[index] === key))) return [];
    nulled.push(one.nulled);
    return [asGraphQLError(one.error, place.source)];
  });
}

function asGraphQLError(error: RawError, source: Source | undefined): GraphQLError {
  const { message, path, locations = [], originalError } = error;
  // An error that knows its place was put there by whoever threw it.
  if (originalError instanceof GraphQLError && originalError.path !== undefined) return originalError;
  const cause = originalError instanceof Error ? { originalError } : {};
  return new GraphQLError(cause.originalError?.message ?? message, {
    path,
    ...cause,
    ...(originalError instanceof GraphQLError && originalError.nodes !== undefined
      ? { nodes: originalError.nodes }
      : { source, positions: source && [...new Set(locations.map((location) => positionOf(source, location)))] }),
  });
}

function positionOf(source: Source, { line, column }: { line: number; column: number }): number {
  let start = 0;
  const ends = source.body.matchAll(/\r\n|[\n\r]/g);
  for (let at = 1; at < line; at += 1) {
    const end = ends.next().value;
    start = end === undefined ? start : end.index + end[0].length;
  }
  return start + column - 1;
}

/** Where the error stands in the document, and what becomes null by it: the nearest value that may be, [] for all of `data`. */
function locate(error: RawError, { schema, operation }: Place): Located {
  const { path = [] } = error;
  const order: number[] = [];
  let depth = 0;
  let type: GraphQLOutputType | null = null;
  const root = schema.getQueryType();
  let scopes: Scope[] = root == null ? [] : [{ type: root, set: operation.selectionSet }];
  for (const [index, key] of path.entries()) {
    if (typeof key === 'number') {
      type = itemOf(type);
      order.push(key);
    } else {
      const fields = scopes.flatMap((scope) => fieldsOf(schema, scope));
      const found = fields.filter(({ name }) => name === key);
      type = found[0]?.type ?? null;
      scopes = found.flatMap(({ below }) => below);
      order.push(fields.findIndex(({ name }) => name === key));
    }
    if (type === null || !isNonNullType(type)) depth = index + 1;
  }
  return { error, order, nulled: path.slice(0, depth) };
}

function itemOf(type: GraphQLOutputType | null): GraphQLOutputType | null {
  const list = type && getNullableType(type);
  return isListType(list) ? list.ofType : null;
}

type Field = { name: string; type: GraphQLOutputType; below: Scope[] };

function fieldsOf(schema: GraphQLSchema, { type, set }: Scope): Field[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return fieldOf(type, selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const condition = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
    return fieldsOf(schema, { type: isCompositeType(condition) ? condition : type, set: selection.selectionSet });
  });
}

function fieldOf(parent: GraphQLCompositeType, { alias, name, selectionSet }: FieldNode): Field[] {
  const type = 'getFields' in parent ? parent.getFields()[name.value]?.type : undefined;
  if (type === undefined) return [];
  const inner = namedOf(type);
  const below = inner === null || selectionSet === undefined ? [] : [{ type: inner, set: selectionSet }];
  return [{ name: (alias ?? name).value, type, below }];
}

function namedOf(type: GraphQLOutputType): GraphQLCompositeType | null {
  const inner = getNullableType(type);
  if (isListType(inner)) return namedOf(inner.ofType);
  return isCompositeType(inner) ? inner : null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
