import { createHash } from 'node:crypto';
import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  GraphQLError,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import { GatehouseError } from '../../src/errors.ts';
import { GitLabError } from '../../src/gitlab/errors.ts';
import { NODES_OF_RECORDS, ofNode } from '../../src/resolvers/of-node.ts';
import { scalars } from '../../src/resolvers/scalars.ts';
import { readSdl } from '../../src/server/sdl.ts';

type Answers = {
  /** About one value in so many is an error. */
  errorIn: number;
  /** Whether all resolvers answer promises; errors are rejections then. */
  promises: boolean;
};

const OF_NODE = ofNode(() => null).extensions;

/**
 * The public schema with an answer for everything, the same whenever it is asked for: a value, null, a list, or an error of some
 * kind, also where none may be. About half of the fields have resolvers, the others are properties of their parents.
 */
export function fakeSchema({ errorIn, promises }: Answers): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs: readSdl(),
    resolvers: {
      ...scalars,
      Node: { __resolveType: ({ __typename: name }: { __typename: string }) => name },
      MembershipSource: { __resolveType: ({ __typename: name }: { __typename: string }) => name },
    },
  });
  const valueOf = (type: GraphQLOutputType, key: string): unknown => {
    if (!promises && numberOf(`error ${key}`, errorIn) === 0) return errorFor(key);
    if (isNonNullType(type)) {
      return !promises && numberOf(`void ${key}`, errorIn * 2) === 0 ? null : presentOf(type.ofType, key);
    }
    return numberOf(`null ${key}`, 8) === 0 ? null : presentOf(type, key);
  };
  const presentOf = (type: GraphQLOutputType, key: string): unknown => {
    if (isListType(type)) {
      return Array.from({ length: numberOf(key, 4) }, (_, index) => valueOf(type.ofType, `${key} ${String(index)}`));
    }
    if (isObjectType(type)) return thingOf(type, key);
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type);
      const chosen = possible[numberOf(key, possible.length)];
      return chosen && thingOf(chosen, key);
    }
    return leafOf(type, key, !promises);
  };
  const thingOf = (type: GraphQLObjectType, key: string): object =>
    new Proxy(
      { __typename: type.name, key },
      {
        get(thing, name) {
          if (typeof name === 'symbol' || name in thing) return Reflect.get(thing, name);
          const field = type.getFields()[name];
          return field && valueOf(field.type, `${key}.${name}`);
        },
      },
    );
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const isRoot = type === schema.getQueryType();
      if (!isRoot && field.args.length === 0 && numberOf(`${type.name}.${field.name}`, 2) === 0) continue;
      field.resolve = (parent: { key: string } | undefined, args: Record<string, unknown> = {}) => {
        const given = JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)));
        const key = `${parent?.key ?? ''}.${field.name}${given}`;
        if (promises && numberOf(`error ${key}`, errorIn) === 0) return Promise.reject(errorFor(key));
        const value = valueOf(field.type, key);
        if (value instanceof Error && value.message.includes('thrown')) throw value;
        return promises ? Promise.resolve(value) : value;
      };
      // Rows of the types whose nodes never change may be written without being executed field by field.
      if (!promises && NODES_OF_RECORDS.has(type.name) && field.args.length === 0) field.extensions = OF_NODE;
    }
  }
  return schema;
}

function errorFor(key: string): Error {
  const name = `${String(numberOf(`text ${key}`, 1000))}, ${numberOf(`how ${key}`, 2) === 0 ? 'thrown' : 'answered'}`;
  switch (numberOf(`kind ${key}`, 5)) {
    case 0:
      return new GatehouseError('BAD_USER_INPUT', `Not like this: ${name}.`);
    case 1:
      return new GitLabError('RATE_LIMITED', `Too fast: ${name}.`, { retryAfterMs: 1000 });
    case 2:
      return new GraphQLError(`Of its own: ${name}.`, { extensions: { code: 'FORBIDDEN', more: 1 } });
    case 3:
      return new TypeError(`A slip: ${name}.`);
    default:
      return new GitLabError('FORBIDDEN', `Hidden: ${name}.`);
  }
}

/** With `wrong` also values that the type cannot answer. */
function leafOf(type: GraphQLOutputType, key: string, wrong: boolean): unknown {
  const number = numberOf(`leaf ${key}`, 1000);
  const isWrong = wrong && number % 20 === 0;
  if (isEnumType(type)) return type.getValues()[number % type.getValues().length]?.value;
  if (!isScalarType(type)) throw new Error(`${String(type)} is no leaf.`);
  switch (type.name) {
    case 'Int':
      return number;
    case 'Boolean':
      return number % 2 === 0;
    case 'DateTime':
      return isWrong ? 'no time' : number % 2 === 0 ? new Date(number) : '2026-01-02T03:04:05Z';
    case 'Date':
      return isWrong ? '2026-02-30' : '2026-01-02';
    case 'Duration':
      return isWrong ? -1 : number * 1000;
    case 'URL':
      return isWrong ? 'no address' : `https://gitlab.example.com/${String(number)}`;
    default:
      return `text "${String(number)}"`;
  }
}

/** A number below `below` that is always the same for the text. */
function numberOf(text: string, below: number): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) % below;
}
