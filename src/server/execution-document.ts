import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  valueFromAST,
  visit,
} from 'graphql';
import type {
  ArgumentNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';

/** The operation alone, without fragments, directives, literals and variables' types, and what its literals stood for. */
export type PlainOperation = {
  operation: OperationDefinitionNode;
  /** The variables that the caller may give. */
  variableNames: readonly string[];
  /** Values of the literals, by the names of the variables that took their places. */
  constants: Readonly<Record<string, unknown>>;
  /** How many fields must be compiled; those under an interface once for each type that may stand there. */
  weight: number;
};

/** What cannot be compiled with one and the same answer; graphql-js answers it. */
export class Unfit extends Error {}

/** Making code of a field takes about a tenth of a millisecond, in which nothing else runs. */
export const LARGEST_WEIGHT = 1_500;

type Work = {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
  constants: Record<string, unknown>;
  weight: number;
};

/** The names of the variables on which it depends what a document asks for, in the order of their first use. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/**
 * Writes an operation of a validated document in the plainest form that asks for the same, for these values of the variables in
 * `@skip` and `@include`: what they leave out is gone, fragments stand where they were spread, and each literal is a variable.
 * So nothing that the caller wrote but names of the grammar ends in the code that is made of it. Nodes keep their places in the
 * source. Throws `Unfit` where that cannot be.
 */
export function plainOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): PlainOperation {
  const root = schema.getQueryType();
  if (root == null) throw new Unfit('no queries');
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const work: Work = {
    schema,
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    variables,
    constants: {},
    weight: 0,
  };
  const variableNames = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  variableNames.forEach(assertPlainName);
  const selectionSet = plainSet(work, root, operation.selectionSet, 1);
  const { constants, weight } = work;
  const { kind, operation: type } = operation;
  return { operation: { kind, operation: type, selectionSet }, variableNames, constants, weight };
}

/** `copies`: how often code is made for this set. */
function plainSet(work: Work, type: GraphQLCompositeType, set: SelectionSetNode, copies: number): SelectionSetNode {
  const selections = set.selections.flatMap((selection) => plainSelection(work, type, selection, copies));
  return { kind: set.kind, selections };
}

function plainSelection(
  work: Work,
  type: GraphQLCompositeType,
  selection: SelectionNode,
  copies: number,
): SelectionNode[] {
  if (!isAskedFor(work, selection)) return [];
  if (selection.kind === Kind.FIELD) return [plainField(work, type, selection, copies)];
  const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : work.fragments.get(selection.name.value);
  if (inner === undefined) throw new Unfit('an unknown fragment');
  const { typeCondition } = inner;
  const innerType = typeCondition === undefined ? type : work.schema.getType(typeCondition.name.value);
  if (!isCompositeType(innerType)) throw new Unfit('a fragment on no object');
  const selectionSet = plainSet(work, innerType, inner.selectionSet, copies);
  return [{ kind: Kind.INLINE_FRAGMENT, selectionSet, ...(typeCondition === undefined ? {} : { typeCondition }) }];
}

function isAskedFor({ variables }: Work, selection: SelectionNode): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

function plainField(work: Work, parent: GraphQLCompositeType, field: FieldNode, copies: number): FieldNode {
  const { kind, name, alias, loc } = field;
  assertPlainName((alias ?? name).value);
  const here = copies * (isAbstractType(parent) ? work.schema.getPossibleTypes(parent).length : 1);
  work.weight += here;
  if (work.weight > LARGEST_WEIGHT) throw new Unfit('too large');
  const shape = { kind, name, ...(alias === undefined ? {} : { alias }), ...(loc === undefined ? {} : { loc }) };
  if (name.value === '__typename') return shape;
  const definition = isObjectType(parent) || 'getFields' in parent ? parent.getFields()[name.value] : undefined;
  if (definition === undefined) throw new Unfit('a field of introspection');
  const given = field.arguments?.map((argument) => plainArgument(work, definition, argument)) ?? [];
  const type = getNamedType(definition.type);
  if (field.selectionSet === undefined || !isCompositeType(type)) return { ...shape, arguments: given };
  return { ...shape, arguments: given, selectionSet: plainSet(work, type, field.selectionSet, here) };
}

function plainArgument(work: Work, field: GraphQLField<unknown, unknown>, argument: ArgumentNode): ArgumentNode {
  const { value } = argument;
  if (value.kind === Kind.VARIABLE) return argument;
  // What a missing variable means inside a literal depends on where it stands.
  if (hasVariables(value)) throw new Unfit('a literal with variables');
  const definition = field.args.find(({ name }) => name === argument.name.value);
  const constant = definition && valueFromAST(value, definition.type);
  if (constant === undefined) throw new Unfit('a literal without a value');
  const name = `__${String(Object.keys(work.constants).length)}`;
  work.constants[name] = constant;
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
  return { ...argument, value: value.loc === undefined ? variable : { ...variable, loc: value.loc } };
}

function hasVariables(value: ValueNode): boolean {
  let found = false;
  visit(value, {
    Variable() {
      found = true;
    },
  });
  return found;
}

/** A name that means something to every JavaScript object would not come out as a plain property. */
function assertPlainName(name: string): void {
  if (name in Object.prototype || (name.startsWith('__') && name !== '__typename'))
    throw new Unfit('a name of its own');
}
