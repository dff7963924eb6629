import {
  Kind,
  defaultFieldResolver,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLLeafType,
  GraphQLList,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';
import { NODES_OF_RECORDS, isOfNode } from '../resolvers/of-node.ts';
import { asciiJson } from './written-data.ts';

/** A row that is not what its type promises: whoever executes field by field tells the error. */
export class OddRow extends Error {}

/** Adds the JSON of a list of rows, as pieces of ASCII; throws `OddRow`. */
export type WriteRows = (rows: unknown, pieces: string[]) => void;

type Make = (value: unknown) => unknown;
type Field = { definition: GraphQLField<unknown, unknown> | null; sets: SelectionSetNode[] };

/**
 * How a list of this type is written with these fields, where each row is made of its node alone; null where it is not. The text
 * of a row is kept as long as its node lives: nodes serve many requests, and are never changed. `sets`: of a plain operation.
 */
export function rowsWriter(
  schema: GraphQLSchema,
  type: GraphQLList<GraphQLOutputType>,
  set: SelectionSetNode,
): WriteRows | null {
  const make = makerOf(schema, type.ofType, [set]);
  if (make === null) return null;
  const texts = new WeakMap<object, string>();
  /** With a comma before it, so that a row is one piece. */
  const textOf = (row: unknown): string => {
    if (typeof row !== 'object' || row === null) return `,${asciiJson(make(row))}`;
    const known = texts.get(row);
    if (known !== undefined) return known;
    const text = `,${asciiJson(make(row))}`;
    texts.set(row, text);
    return text;
  };
  return (rows, pieces) => {
    const first = pieces.push('[');
    for (const row of itemsOf(rows)) pieces.push(textOf(row));
    const text = pieces[first];
    if (text !== undefined) pieces[first] = text.slice(1);
    pieces.push(']');
  };
}

/** Null where a value of the type is not made of itself alone. */
function makerOf(schema: GraphQLSchema, type: GraphQLOutputType, sets: readonly SelectionSetNode[]): Make | null {
  if (isNonNullType(type)) {
    const make = makerOf(schema, type.ofType, sets);
    return make && ((value) => make(value) ?? odd('null where none may be'));
  }
  const make = presentMaker(schema, type, sets);
  return make && ((value) => (value == null ? null : make(value)));
}

function presentMaker(schema: GraphQLSchema, type: GraphQLOutputType, sets: readonly SelectionSetNode[]): Make | null {
  if (isLeafType(type)) return (value) => leafOf(type, value);
  if (isListType(type)) {
    const make = makerOf(schema, type.ofType, sets);
    return make && ((value) => itemsOf(value).map((item: unknown) => make(item)));
  }
  if (isObjectType(type)) return objectMaker(schema, type, sets);
  return isAbstractType(type) ? abstractMaker(schema, type, sets) : null;
}

function leafOf(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.serialize(value);
  } catch (error) {
    throw new OddRow('not of its type', { cause: error });
  }
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : odd('no list');
}

function odd(why: string): never {
  throw new OddRow(why);
}

function abstractMaker(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): Make | null {
  if (!isAbstractType(type) || type.resolveType == null || !NODES_OF_RECORDS.has(type.name)) return null;
  const nameOf = type.resolveType as (node: unknown) => unknown;
  const makers = new Map<unknown, Make>();
  for (const possible of schema.getPossibleTypes(type)) {
    const make = objectMaker(schema, possible, sets);
    if (make === null) return null;
    makers.set(possible.name, make);
  }
  return (value) => (makers.get(nameOf(value)) ?? odd('of no known type'))(value);
}

function objectMaker(schema: GraphQLSchema, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Make | null {
  if (!NODES_OF_RECORDS.has(type.name)) return null;
  const fields = new Map<string, Field>();
  if (!sets.every((set) => collect(schema, type, set, fields))) return null;
  const readers: { key: string; read: Make }[] = [];
  for (const [key, field] of fields) {
    const read = fieldReader(schema, type, field);
    if (read === null) return null;
    readers.push({ key, read });
  }
  return (node) => {
    if (typeof node !== 'object' || node === null) return odd('no object');
    if (node instanceof Error || 'then' in node) return odd('an error or a promise');
    const made: Record<string, unknown> = {};
    for (const { key, read } of readers) made[key] = read(node);
    return made;
  };
}

/** Gathers what is asked of one type, in the order of the document; false where something cannot be made of the node alone. */
function collect(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  set: SelectionSetNode,
  fields: Map<string, Field>,
): boolean {
  return set.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return collectField(type, selection, fields);
    if (selection.kind !== Kind.INLINE_FRAGMENT) return false;
    const condition = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
    if (condition === undefined || condition === type) return collect(schema, type, selection.selectionSet, fields);
    if (!isAbstractType(condition) || !schema.isSubType(condition, type)) return isCompositeType(condition);
    return collect(schema, type, selection.selectionSet, fields);
  });
}

function collectField(type: GraphQLObjectType, node: FieldNode, fields: Map<string, Field>): boolean {
  const key = (node.alias ?? node.name).value;
  const known = fields.get(key);
  const sets = node.selectionSet === undefined ? [] : [node.selectionSet];
  if (known !== undefined) {
    known.sets.push(...sets);
    return true;
  }
  const definition = node.name.value === '__typename' ? null : type.getFields()[node.name.value];
  if (definition === undefined || (definition !== null && definition.args.length > 0)) return false;
  fields.set(key, { definition, sets });
  return true;
}

function fieldReader(schema: GraphQLSchema, type: GraphQLObjectType, { definition, sets }: Field): Make | null {
  if (definition === null) return () => type.name;
  const { name, resolve } = definition;
  const make = makerOf(schema, definition.type, sets);
  if (make === null) return null;
  if (resolve === undefined || resolve === defaultFieldResolver) {
    return (node) => make((node as Record<string, unknown>)[name]);
  }
  if (!isOfNode(definition)) return null;
  const answer = resolve as (node: unknown) => unknown;
  return (node) => make(answer(node));
}
