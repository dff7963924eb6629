import { Kind, print, stripIgnoredCharacters, visit } from 'graphql';
import type {
  ASTNode,
  DefinitionNode,
  DocumentNode,
  FieldNode,
  NameNode,
  OperationDefinitionNode,
  VariableDefinitionNode,
} from 'graphql';

/** A query made of several: the nth one's root fields are named `pN_field` and its variables `pN_variable`. */
export type MergedDocument = { text: string };

const MAX_CACHED = 500;
const cache = new Map<string, MergedDocument>();

/** The text around the parts: `query Gatehouse(…){…}`. */
export const FRAME_LENGTH = 20;

/** The longest number that a part can have in a request. */
const LARGEST_INDEX = 999;

function name(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

export function prefix(index: number): string {
  return `p${String(index)}_`;
}

export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('A document without an operation cannot be packed.');
  return operation;
}

/** The operation with every variable renamed and every root field under an alias of its own. */
function renamed(operation: OperationDefinitionNode, index: number): OperationDefinitionNode {
  const withVariables = visit(operation, {
    Variable: (node) => ({ ...node, name: name(prefix(index) + node.name.value) }),
  });
  const selections = withVariables.selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD ? { ...selection, alias: name(prefix(index) + selection.name.value) } : selection,
  );
  return { ...withVariables, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

function merge(documents: readonly DocumentNode[]): MergedDocument {
  const fragments = new Map<string, DefinitionNode>();
  const variableDefinitions: VariableDefinitionNode[] = [];
  const selections: FieldNode[] = [];
  documents.forEach((document, index) => {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    const operation = renamed(operationOf(document), index);
    variableDefinitions.push(...(operation.variableDefinitions ?? []));
    selections.push(...operation.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD));
  });
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: operationOf(documents[0] ?? { kind: Kind.DOCUMENT, definitions: [] }).operation,
    name: name('Gatehouse'),
    variableDefinitions,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] };
  return { text: stripIgnoredCharacters(print(document)) };
}

const withoutTypes = new WeakMap<DocumentNode, DocumentNode>();

/** The document for a GitLab whose users have no `type`: `bot` comes under that name (docs/gitlab.md §versions). */
export function withBotAsType(document: DocumentNode): DocumentNode {
  const known = withoutTypes.get(document);
  if (known !== undefined) return known;
  const made = visit(document, {
    OperationDefinition: (node) => ({ ...node, name: name(`${node.name?.value ?? ''}_bot`) }),
    Field: (node) => (node.name.value === 'type' ? { ...node, alias: name('type'), name: name('bot') } : undefined),
  });
  withoutTypes.set(document, made);
  return made;
}

const pruned = new WeakMap<DocumentNode, Map<string, DocumentNode>>();

/**
 * The document without the arguments whose variables are not given: GitLab's defaults hold for them, and an older GitLab that
 * lacks one is not bothered with it. Its operation is named after what was left out, which keeps shapes apart.
 */
export function withoutAbsent(document: DocumentNode, variables: Record<string, unknown>): DocumentNode {
  const operation = operationOf(document);
  const absent = (operation.variableDefinitions ?? [])
    .map((definition) => definition.variable.name.value)
    .filter((variable) => variables[variable] === null || variables[variable] === undefined);
  if (absent.length === 0) return document;
  const key = absent.join('_');
  const known = pruned.get(document)?.get(key);
  if (known !== undefined) return known;
  const made = visit(document, {
    OperationDefinition: (node) => ({ ...node, name: name(`${node.name?.value ?? ''}_${key}`) }),
    VariableDefinition: (node) => (absent.includes(node.variable.name.value) ? null : undefined),
    Argument: (node) =>
      node.value.kind === Kind.VARIABLE && absent.includes(node.value.name.value) ? null : undefined,
  });
  pruned.set(document, (pruned.get(document) ?? new Map<string, DocumentNode>()).set(key, made));
  return made;
}

/** What tells one operation from another: its name, the variables that were left out included. */
export function documentName(document: DocumentNode): string {
  return operationOf(document).name?.value ?? '';
}

/** `3*A,2*B` for three parts of kind A followed by two of kind B. */
function shapeOf(documents: readonly DocumentNode[]): string {
  const runs: { name: string; count: number }[] = [];
  for (const document of documents) {
    const name = documentName(document);
    const last = runs.at(-1);
    if (last?.name === name) last.count += 1;
    else runs.push({ name, count: 1 });
  }
  return runs.map(({ name, count }) => `${String(count)}*${name}`).join(',');
}

/** One query text for these operations in this order; made once per shape while it is in use. */
export function mergedDocument(documents: readonly DocumentNode[]): MergedDocument {
  const shape = shapeOf(documents);
  const made = cache.get(shape) ?? merge(documents);
  cache.delete(shape);
  cache.set(shape, made);
  const [longestUnused] = cache.keys();
  if (cache.size > MAX_CACHED && longestUnused !== undefined) cache.delete(longestUnused);
  return made;
}

/** Characters that an operation adds to a packed query, and those of each fragment it needs, which is there once for all. */
export type DocumentSize = { own: number; fragments: ReadonlyMap<string, number> };

const sizes = new WeakMap<DocumentNode, DocumentSize>();

/** How long an operation is in a packed query at most, as it is really written there. */
export function sizeOf(document: DocumentNode): DocumentSize {
  const known = sizes.get(document);
  if (known !== undefined) return known;
  const length = (node: ASTNode): number => stripIgnoredCharacters(print(node)).length + 1;
  const operation = renamed(operationOf(document), LARGEST_INDEX);
  const fragments = new Map<string, number>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, length(definition));
  }
  const nodes = [...(operation.variableDefinitions ?? []), ...operation.selectionSet.selections];
  const size = { own: nodes.reduce((sum, node) => sum + length(node), 0), fragments };
  sizes.set(document, size);
  return size;
}

/** The variables of all, renamed alike. A null is left out: an argument that is not given keeps GitLab's default. */
export function mergedVariables(all: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  all.forEach((variables, index) => {
    for (const [key, value] of Object.entries(variables)) {
      if (value !== null && value !== undefined) merged[prefix(index) + key] = value;
    }
  });
  return merged;
}
