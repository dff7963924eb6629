import { isEnumType, isInterfaceType, isObjectType, isScalarType } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';

type Composite = GraphQLObjectType | GraphQLInterfaceType;

function isComposite(type: GraphQLNamedType | undefined): type is Composite {
  return isObjectType(type) || isInterfaceType(type);
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

function fieldDifferences(
  place: string,
  ours: GraphQLField<unknown, unknown>,
  theirs: GraphQLField<unknown, unknown>,
): string[] {
  const found: string[] = [];
  if (String(ours.type) !== String(theirs.type)) {
    found.push(`${place}: ours is ${String(ours.type)}, theirs ${String(theirs.type)}`);
  }
  for (const argument of ours.args) {
    const other = theirs.args.find((candidate) => candidate.name === argument.name);
    const at = `${place}(${argument.name}:)`;
    if (other === undefined) found.push(`${at}: theirs has no such argument`);
    else if (String(argument.type) !== String(other.type)) {
      found.push(`${at}: ours is ${String(argument.type)}, theirs ${String(other.type)}`);
    } else if (shown(argument.defaultValue) !== shown(other.defaultValue)) {
      found.push(`${at}: our default is ${shown(argument.defaultValue)}, theirs ${shown(other.defaultValue)}`);
    }
  }
  for (const argument of theirs.args) {
    const required = String(argument.type).endsWith('!') && argument.defaultValue === undefined;
    if (required && !ours.args.some((candidate) => candidate.name === argument.name)) {
      found.push(`${place}(${argument.name}:): theirs requires an argument that ours lacks`);
    }
  }
  return found;
}

function compositeDifferences(ours: Composite, theirs: Composite): string[] {
  const found = Object.values(ours.getFields()).flatMap((field) => {
    const place = `${ours.name}.${field.name}`;
    const other = theirs.getFields()[field.name];
    return other === undefined ? [`${place}: theirs has no such field`] : fieldDifferences(place, field, other);
  });
  for (const { name } of ours.getInterfaces()) {
    if (!theirs.getInterfaces().some((candidate) => candidate.name === name)) {
      found.push(`${ours.name}: theirs does not implement ${name}`);
    }
  }
  return found;
}

function typeDifferences(ours: GraphQLNamedType, theirs: GraphQLNamedType | undefined): string[] {
  if (theirs === undefined) return [`${ours.name}: theirs has no such type`];
  if (isComposite(ours) && isComposite(theirs) && isInterfaceType(ours) === isInterfaceType(theirs)) {
    return compositeDifferences(ours, theirs);
  }
  if (isEnumType(ours) && isEnumType(theirs)) {
    const names = new Set(theirs.getValues().map((value) => value.name));
    return ours
      .getValues()
      .flatMap(({ name }) => (names.has(name) ? [] : [`${ours.name}.${name}: theirs has no such value`]));
  }
  return isScalarType(ours) && isScalarType(theirs) ? [] : [`${ours.name}: theirs is another kind of type`];
}

/** Where a slice of GitLab's schema says something that the whole does not: one line each, none if all of it holds. */
export function schemaDifferences(ours: GraphQLSchema, theirs: GraphQLSchema): string[] {
  return Object.values(ours.getTypeMap())
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => typeDifferences(type, theirs.getType(type.name)));
}
