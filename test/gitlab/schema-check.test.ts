import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { schemaDifferences } from '../../scripts/schema-diff.ts';

const WHOLE = `
  type Query { group(fullPath: ID!): Group  users(first: Int, sort: Sort = NEW): [User]  me: User! }
  type Group implements Named { name: String  size: Int! }
  interface Named { name: String }
  type User { id: ID! }
  enum Sort { NEW OLD }
`;

function differences(slice: string): string[] {
  return schemaDifferences(buildSchema(slice), buildSchema(WHOLE));
}

describe('a slice of a schema', () => {
  it('holds when all that it says is so in the whole', () => {
    expect(
      differences('type Query { users(sort: Sort = NEW): [User] } type User { id: ID! } enum Sort { NEW }'),
    ).toEqual([]);
  });

  it.each([
    ['a field', 'type Query { nobody: Int }', 'Query.nobody: theirs has no such field'],
    ['a type', 'type Query { me: Human! } type Human { id: ID! }', 'Human: theirs has no such type'],
    ['nullability', 'type Query { me: User } type User { id: ID! }', 'Query.me: ours is User, theirs User!'],
    [
      'an argument',
      'type Query { users(last: Int): [User] } type User { id: ID! }',
      'Query.users(last:): theirs has no such argument',
    ],
    [
      'an argument’s type',
      'type Query { users(first: Int!): [User] } type User { id: ID! }',
      'Query.users(first:): ours is Int!, theirs Int',
    ],
    [
      'a default',
      'type Query { users(sort: Sort = OLD): [User] } type User { id: ID! } enum Sort { OLD }',
      'Query.users(sort:): our default is "OLD", theirs "NEW"',
    ],
    [
      'an enum value',
      'type Query { users(sort: Sort): [User] } type User { id: ID! } enum Sort { NEW BEST }',
      'Sort.BEST: theirs has no such value',
    ],
    [
      'a required argument',
      'type Query { group: Group } type Group { size: Int! }',
      'Query.group(fullPath:): theirs requires an argument that ours lacks',
    ],
    ['the kind of a type', 'type Query { me: User! } scalar User', 'User: theirs is another kind of type'],
    [
      'an interface',
      'type Query { me: User! } type User implements Named { id: ID! name: String } interface Named { name: String }',
      'User: theirs does not implement Named',
    ],
  ])('does not hold when it is wrong about %s', (_what, slice, line) => {
    expect(differences(slice)).toContain(line);
  });

  it('is ours, and holds against the sandbox’s, which was cut by other hands', () => {
    const read = (path: string): ReturnType<typeof buildSchema> =>
      buildSchema(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
    expect(schemaDifferences(read('src/gitlab/schema.graphql'), read('sandbox/graphql/schema.graphql'))).toEqual([]);
  });
});
