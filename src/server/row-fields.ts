import {
  Kind,
  OperationTypeNode,
  extendSchema,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isCompositeType, isObjectType, parse } from 'graphql';
import type {
  DefinitionNode,
  FieldDefinitionNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { NODES_OF_RECORDS } from '../resolvers/of-node.ts';
import { rowsWriter } from './row-text.ts';
import type { WriteRows } from './row-text.ts';
import { asciiJson } from './written-data.ts';

/** What stands where in an answer: rows, or objects and lists of them with rows below, by name. */
export type Shape = { rows: WriteRows } | Level;
type Level = { fields: Map<string, Shape> };

const ROWS = 'Rows';
/** The name of the field that answers with the nodes of a list as they are; of the extended schema only, no caller can name it. */
const twinOf = (name: string): string => `${name}__rows`;

/** The schema with a twin for each field whose answer is a list of rows, and with these scalars, whose values are taken as they are. */
export function withRowFields(schema: GraphQLSchema, scalars: readonly string[]): GraphQLSchema {
  const listed = objectTypesOf(schema).flatMap((type) =>
    Object.values(type.getFields())
      .filter(isRowField)
      .map((field) => ({ type, field })),
  );
  const definitions = listed.map(({ type, field }): DefinitionNode => ({
    kind: Kind.OBJECT_TYPE_EXTENSION,
    name: { kind: Kind.NAME, value: type.name },
    fields: [twinDefinition(field)],
  }));
  const names = [ROWS, ...scalars].map((name) => `scalar ${name}`).join('\n');
  const document = { kind: Kind.DOCUMENT, definitions: [...parse(names).definitions, ...definitions] } as const;
  const extended = extendSchema(schema, document, { assumeValid: true });
  for (const { type, field } of listed) {
    const made = extended.getType(type.name);
    const twin = isObjectType(made) ? made.getFields()[twinOf(field.name)] : undefined;
    if (twin !== undefined && field.resolve !== undefined) twin.resolve = field.resolve;
    if (twin !== undefined && field.resolve === undefined) {
      twin.resolve = (node: Record<string, unknown>) => node[field.name];
    }
  }
  return extended;
}

function objectTypesOf(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap()).filter(isObjectType);
}

function isRowField({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(getNullableType(type)) && NODES_OF_RECORDS.has(getNamedType(type).name);
}

function twinDefinition({ name, type, astNode }: GraphQLField<unknown, unknown>): FieldDefinitionNode {
  const rows = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: ROWS } } as const;
  return {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: twinOf(name) },
    arguments: astNode?.arguments ?? [],
    type: isNonNullType(type) ? { kind: Kind.NON_NULL_TYPE, type: rows } : rows,
  };
}

/** `isClear`: no list of rows stands where something else may stand, too. */
type Work = { schema: GraphQLSchema; isClear: boolean };

/**
 * The same plain operation with its lists of rows asked for as they are, and where in the answer they stand. Null where there is no
 * such list, or where one is asked for twice at one place, so that its fields would have to be put together.
 */
export function askForRows(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): { operation: OperationDefinitionNode; shape: Shape } | null {
  const root = schema.getQueryType();
  if (root == null || operation.operation !== OperationTypeNode.QUERY) return null;
  const work: Work = { schema, isClear: true };
  const shape: Level = { fields: new Map() };
  const selectionSet = rowsIn(work, root, operation.selectionSet, shape);
  return work.isClear && keepRows(shape) ? { operation: { ...operation, selectionSet }, shape } : null;
}

function rowsIn(work: Work, type: GraphQLCompositeType, set: SelectionSetNode, level: Level): SelectionSetNode {
  const rowsAt = (selection: SelectionNode): SelectionNode => {
    if (selection.kind === Kind.FIELD) return fieldAt(work, type, selection, level);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    const condition = selection.typeCondition && work.schema.getType(selection.typeCondition.name.value);
    const inner = isCompositeType(condition) ? condition : type;
    return { ...selection, selectionSet: rowsIn(work, inner, selection.selectionSet, level) };
  };
  return { ...set, selections: set.selections.map(rowsAt) };
}

function fieldAt(work: Work, parent: GraphQLCompositeType, node: FieldNode, { fields }: Level): FieldNode {
  const definition = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
  const type = definition && getNamedType(definition.type);
  if (definition === undefined || node.selectionSet === undefined || !isCompositeType(type)) return node;
  const key = (node.alias ?? node.name).value;
  const known = fields.get(key);
  const rows = isObjectType(parent) ? rowsOf(work.schema, definition, node.selectionSet) : null;
  if (rows !== null) {
    if (known !== undefined) work.isClear = false;
    fields.set(key, { rows });
    return leafTwin(node, key);
  }
  const inner = known ?? { fields: new Map<string, Shape>() };
  fields.set(key, inner);
  if ('rows' in inner) {
    work.isClear = false;
    return node;
  }
  return { ...node, selectionSet: rowsIn(work, type, node.selectionSet, inner) };
}

function rowsOf(
  schema: GraphQLSchema,
  definition: GraphQLField<unknown, unknown>,
  set: SelectionSetNode,
): WriteRows | null {
  const list = getNullableType(definition.type);
  return isRowField(definition) && isListType(list) ? rowsWriter(schema, list, set) : null;
}

function leafTwin({ kind, name, arguments: given, loc }: FieldNode, key: string): FieldNode {
  const twin = { kind: Kind.NAME, value: twinOf(name.value) } as const;
  const shape = { kind, name: twin, alias: { kind: Kind.NAME, value: key } } as const;
  return { ...shape, ...(given === undefined ? {} : { arguments: given }), ...(loc === undefined ? {} : { loc }) };
}

/** Drops what has no rows below; whether anything is left. */
function keepRows({ fields }: Level): boolean {
  for (const [key, shape] of fields) if (!('rows' in shape) && !keepRows(shape)) fields.delete(key);
  return fields.size > 0;
}

/** Adds the JSON of an answer of that shape, as pieces of ASCII; throws `OddRow`. */
export function writeShaped(value: unknown, shape: Shape | undefined, pieces: string[]): void {
  if (shape === undefined || value === null) pieces.push(asciiJson(value));
  else if ('rows' in shape) shape.rows(value, pieces);
  else if (Array.isArray(value)) {
    writeEach(value.entries(), '[]', pieces, ([, item]) => {
      writeShaped(item, shape, pieces);
    });
  } else {
    const given = Object.entries(value as object).filter(([, inner]: [string, unknown]) => inner !== undefined);
    writeEach(given, '{}', pieces, ([key, inner]: [string, unknown]) => {
      pieces.push(`${asciiJson(key)}:`);
      writeShaped(inner, shape.fields.get(key), pieces);
    });
  }
}

function writeEach<T>(items: Iterable<T>, brackets: '[]' | '{}', pieces: string[], write: (item: T) => void): void {
  let before = brackets.charAt(0);
  for (const item of items) {
    pieces.push(before);
    before = ',';
    write(item);
  }
  pieces.push(before === ',' ? brackets.charAt(1) : brackets);
}
