import { readFileSync } from 'node:fs';
import { buildASTSchema, introspectionFromSchema, isObjectType, isAbstractType, isScalarType, parse } from 'graphql';
import type {
  DocumentNode,
  GraphQLFieldResolver,
  GraphQLSchema,
  GraphQLTypeResolver,
  IntrospectionQuery,
} from 'graphql';
import { scalarBehaviours } from './scalars.ts';
import { schemaOfVersion } from './versions.ts';

/** Resolvers by type name, then by field name. */
export type ResolverMap<Context> = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<never, Context, never>>>>
>;

const SDL: DocumentNode = parse(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));

/** The slice of GitLab's schema as the given version has it, without behaviour. */
export function buildSlice(options: { version: string; withoutDeprecated?: boolean }): GraphQLSchema {
  const schema = buildASTSchema(schemaOfVersion(SDL, options));
  const behaviours = scalarBehaviours();
  for (const type of Object.values(schema.getTypeMap())) {
    const behaviour = isScalarType(type) ? behaviours.get(type.name) : undefined;
    if (isScalarType(type) && behaviour) {
      type.serialize = behaviour.serialize;
      type.parseValue = behaviour.parseValue;
      type.parseLiteral = behaviour.parseLiteral;
    }
  }
  return schema;
}

/** Behaviour of a schema beyond its fields. */
export interface Hooks<Context> {
  readonly resolveType: GraphQLTypeResolver<unknown, Context>;
  /** Called with `Type.field` before a field with a resolver; what it throws is the field's error. */
  readonly before: (coordinate: string) => void;
}

/** Gives a schema its resolvers; a field the schema's version does not have is passed over. */
export function attachResolvers<Context>(
  schema: GraphQLSchema,
  resolvers: ResolverMap<Context>,
  hooks: Hooks<Context>,
): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = hooks.resolveType;
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(resolvers[type.name] ?? {})) {
      const field = type.getFields()[name];
      if (!field) continue;
      const run = resolve as GraphQLFieldResolver<unknown, unknown>;
      const coordinate = `${type.name}.${name}`;
      field.resolve = (...given): unknown => {
        hooks.before(coordinate);
        return run(...given);
      };
    }
  }
  return schema;
}

/** The static answer to an introspection query: the whole slice, whatever was asked. */
export function introspectionOf(schema: GraphQLSchema): IntrospectionQuery {
  return introspectionFromSchema(schema);
}
