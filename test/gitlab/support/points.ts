import { buildSchema, getNamedType, isAbstractType, isObjectType, Kind, parse } from 'graphql';
import type { FieldNode, GraphQLNamedType, GraphQLObjectType, GraphQLSchema, SelectionSetNode } from 'graphql';
import { readFileSync } from 'node:fs';

/**
 * GitLab's count of points, written down a second time from its rules and read off GitLab's schema itself, so that the gateway's
 * own count has something to be held against (docs/gitlab.md §GraphQL complexity).
 */
const RESOLVED = new Set(
  [
    'Query: group groups project projects user users metadata',
    'Group: groupMembers projects memberRoles',
    'Project: projectMembers',
  ].flatMap((line) => {
    const [type = '', fields = ''] = line.split(': ');
    return fields.split(' ').map((field) => `${type}.${field}`);
  }),
);
const DEFAULT_SORT = new Set(['Query.groups', 'Query.users']);

type Counting = {
  schema: GraphQLSchema;
  fragments: Map<string, { on: string; set: SelectionSetNode }>;
  given: Record<string, unknown>;
};

function given(field: FieldNode, name: string, counting: Counting): unknown {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind === Kind.VARIABLE) return counting.given[value.name.value] ?? null;
  if (value?.kind === Kind.INT) return Number(value.value);
  return value ?? null;
}

/** What is selected on one concrete type: each response key once, with all that is selected below it. */
function selected(sets: readonly SelectionSetNode[], type: GraphQLObjectType, counting: Counting): FieldNode[][] {
  const found = new Map<string, FieldNode[]>();
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        found.set(key, [...(found.get(key) ?? []), selection]);
      } else {
        const spread = selection.kind === Kind.FRAGMENT_SPREAD ? counting.fragments.get(selection.name.value) : null;
        const on = spread?.on ?? (selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : null);
        const set = spread?.set ?? (selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : null);
        const condition = on === null || on === undefined ? type : counting.schema.getType(on);
        const applies = condition === type || (isAbstractType(condition) && counting.schema.isSubType(condition, type));
        if (set !== null && applies) walk(set);
      }
    }
  };
  sets.forEach(walk);
  return [...found.values()];
}

function below(sets: readonly SelectionSetNode[], type: GraphQLNamedType, counting: Counting): number {
  const concrete = isAbstractType(type) ? [...counting.schema.getPossibleTypes(type)] : [type].filter(isObjectType);
  const totals = concrete.map((one) =>
    selected(sets, one, counting).reduce((sum, nodes) => sum + pointsOf(nodes, one, counting), 0),
  );
  return Math.max(0, ...totals);
}

function pointsOf(nodes: readonly FieldNode[], parent: GraphQLObjectType, counting: Counting): number {
  const [node] = nodes;
  const field = node === undefined ? undefined : parent.getFields()[node.name.value];
  if (node === undefined || field === undefined) return 1;
  const type = getNamedType(field.type);
  const children = below(
    nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    type,
    counting,
  );
  const name = `${parent.name}.${field.name}`;
  if (name === 'Group.descendantGroups') return 5 + children;
  if (!RESOLVED.has(name)) return 1 + children;
  let own = 1 + children;
  if (DEFAULT_SORT.has(name) || given(node, 'sort', counting) !== null) own += 1;
  if (given(node, 'search', counting) !== null) own += 5;
  if (name === 'Group.projects') own += 10;
  if (!type.name.endsWith('Connection')) return own;
  const first = given(node, 'first', counting);
  return Math.floor(own + own * (Math.min(100, typeof first === 'number' ? first : 100) * 0.01));
}

const schema = buildSchema(readFileSync(new URL('../../../src/gitlab/schema.graphql', import.meta.url), 'utf8'));

/** What GitLab counts for a query with these variables. */
export function gitlabPoints(text: string, variables: Record<string, unknown>): number {
  const document = parse(text);
  const counting: Counting = { schema, fragments: new Map(), given: variables };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      const { name, typeCondition, selectionSet } = definition;
      counting.fragments.set(name.value, { on: typeCondition.name.value, set: selectionSet });
    }
  }
  const root = schema.getQueryType();
  if (root === null || root === undefined) throw new Error('The schema has no queries.');
  let total = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) total += below([definition.selectionSet], root, counting);
  }
  return total;
}
