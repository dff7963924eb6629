import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { GraphQLCompositeType, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { GROUPS, PROJECTS, USERS } from '../../sandbox/seed/index.ts';

/** What to give for the arguments of `Type.field`, or of `field` on any type, as it stands in a document. */
export type Arguments = Readonly<Record<string, string>>;

/** For queries on the small sandbox, which is connected by the name `everything`. */
export const QUERY_ARGUMENTS: Arguments = {
  'Query.node': 'id: $id',
  'Query.connection': 'name: "everything"',
  'Connection.group': `fullPath: "${GROUPS.design}"`,
  'Connection.project': `fullPath: "${PROJECTS.tooling}"`,
  'Connection.user': `username: "${USERS.eve}"`,
  members: 'kinds: [DIRECT, INHERITED, SHARED], first: 10',
  access: `user: { username: "${USERS.eve}" }`,
  'Insight.userReach': `user: { username: "${USERS.paul}" }`,
  'Insight.sourceReach': `source: { group: "${GROUPS.payments}" }`,
  'Insight.expiring': 'withinDays: 60',
  'Insight.dormant': 'days: 30',
  'Insight.ifRemoved': `removed: { share: { group: "${GROUPS.partners}", source: { group: "${GROUPS.payments}" } } }`,
  'Insight.changes': 'sinceRun: 0',
};

type Field = GraphQLField<unknown, unknown>;
type Spot = { type: GraphQLCompositeType; fields: { text: string; below: Spot | null }[]; plain: boolean };

/**
 * A document that selects root fields and every field of every type below them: each type is written out in full where it is
 * nearest to the root, and by its leaves wherever it comes again. A required argument that `given` has nothing for is an error.
 */
export function operationOf(
  schema: GraphQLSchema,
  kind: 'query' | 'mutation',
  fieldNames: readonly string[],
  given: Arguments,
  variables: string,
): string {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  if (root == null) throw new Error(`The schema has no ${kind}.`);
  const top: Spot = { type: root, fields: [], plain: false };
  const expanded = new Set<string>();
  const queue: Spot[] = [];
  const select = (spot: Spot, fields: readonly Field[], plain: boolean): void => {
    for (const field of fields) {
      const type = getNamedType(field.type);
      const below: Spot | null = isCompositeType(type) ? { type, fields: [], plain } : null;
      spot.fields.push({ text: `${field.name}${argumentsOf(spot.type.name, field, given)}`, below });
      if (below !== null) queue.push(below);
    }
  };
  select(
    top,
    fieldsOf(root).filter(({ name }) => fieldNames.includes(name)),
    false,
  );
  for (let spot = queue.shift(); spot !== undefined; spot = queue.shift()) {
    const again = spot.plain || expanded.has(spot.type.name);
    expanded.add(spot.type.name);
    select(spot, again ? leavesOf(spot.type) : fieldsOf(spot.type), again);
  }
  return `${kind} Everything(${variables}) ${print(top)}`;
}

function print({ fields }: Spot): string {
  const inner = fields.map(({ text, below }) => (below === null ? text : `${text} ${print(below)}`));
  return `{ __typename ${inner.join(' ')} }`;
}

function fieldsOf(type: GraphQLCompositeType): Field[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

/** What needs no selection of its own, and the entries of a page. */
function leavesOf(type: GraphQLCompositeType): Field[] {
  return fieldsOf(type).filter(({ name, type: of }) => name === 'nodes' || !isCompositeType(getNamedType(of)));
}

function argumentsOf(parent: string, field: Field, given: Arguments): string {
  const text = given[`${parent}.${field.name}`] ?? given[field.name];
  if (text !== undefined && field.args.length > 0) return `(${text})`;
  if (field.args.some(isRequiredArgument)) throw new Error(`Nothing is given for ${parent}.${field.name}.`);
  return field.args.some(({ name }) => name === 'first') ? '(first: 3)' : '';
}

/** Every `Type.field` that the documents select. */
export function selectedBy(schema: GraphQLSchema, documents: readonly string[]): Set<string> {
  const selected = new Set<string>();
  for (const document of documents) {
    const typeInfo = new TypeInfo(schema);
    visit(
      parse(document),
      visitWithTypeInfo(typeInfo, {
        Field({ name }) {
          const parent = typeInfo.getParentType();
          if (parent != null && !name.value.startsWith('__')) selected.add(`${parent.name}.${name.value}`);
        },
      }),
    );
  }
  return selected;
}

/** Every object type of the schema that is its own. */
export function objectTypesOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => {
    return isObjectType(type) && !type.name.startsWith('__');
  });
}
