import { GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { parseGid, TYPED_ID_CLASSES } from './gid.ts';

/** A value that GitLab's scalars refuse to read; its text is what GitLab says. */
class CoercionError extends Error {
  override readonly name = 'CoercionError';
}

/** The slice's own scalars by name; their refusals carry GitLab's texts (docs/gitlab.md §GraphQL errors). */
export function scalarBehaviours(): Map<string, GraphQLScalarType> {
  return new Map([
    ...Object.entries(TYPED_ID_CLASSES).map(([name, classes]): [string, GraphQLScalarType] => [
      name,
      scalar(name, (text) => parseTypedId(text, classes)),
    ]),
    ['Time', scalar('Time', parseTime)],
    ['Date', scalar('Date', parseTime)],
  ]);
}

function scalar(name: string, parse: (text: string) => string): GraphQLScalarType {
  const parseValue = (value: unknown): string => {
    if (typeof value !== 'string')
      throw new CoercionError(`Could not coerce value ${JSON.stringify(value)} to ${name}`);
    return parse(value);
  };
  return new GraphQLScalarType({
    name,
    serialize: (value) => value,
    parseValue,
    parseLiteral: (node: ValueNode) => {
      if (node.kind === Kind.STRING) return parseValue(node.value);
      throw new CoercionError(`Could not coerce value to ${name}`);
    },
  });
}

function parseTypedId(text: string, classes: readonly string[]): string {
  const gid = parseGid(text);
  if (!gid) throw new CoercionError(`${JSON.stringify(text)} is not a valid Global ID`);
  if (!classes.includes(gid.className)) {
    throw new CoercionError(`${JSON.stringify(text)} does not represent an instance of ${classes[0] ?? ''}`);
  }
  return text;
}

function parseTime(text: string): string {
  if (Number.isNaN(Date.parse(text))) throw new CoercionError(`no time information in ${JSON.stringify(text)}`);
  return text;
}
