import { expect, it } from '@jest/globals';
import { GatehouseError, Refusal } from '../../src/errors.ts';
import { fromGlobalId, fromInputId, toGlobalId, tokenGlobalId } from '../../src/resolvers/global-id.ts';

it('an id comes back as what it was made of', () => {
  expect(fromGlobalId(toGlobalId('Grant', '12'), 'Grant')).toEqual({ type: 'Grant', id: '12' });
  expect(fromGlobalId(toGlobalId('User', '3', '9007199254740993'), 'Group', 'User')).toEqual({
    type: 'User',
    connectionId: '3',
    gitlabId: '9007199254740993',
  });
  expect(fromGlobalId(tokenGlobalId('3', '77', { kind: 'group', id: '5' }), 'AccessToken')).toEqual({
    type: 'AccessToken',
    connectionId: '3',
    gitlabId: '77',
    holder: { kind: 'group', id: '5' },
  });
});

it.each([
  '',
  'hello',
  '12',
  'gid://gitlab/User/1',
  encode('Grant'),
  encode('Grant:'),
  encode('Grant:0'),
  encode('Grant:-1'),
  encode('Grant:1:2'),
  encode('Grant:1 or 1=1'),
  encode('Grant:99999999999999999999'),
  encode('Grant:9223372036854775808'),
  encode('User:1'),
  encode('User:1:2:3'),
  encode('Nonsense:1'),
  encode('AccessToken:1:2'),
  encode('AccessToken:1:2:group'),
  encode('AccessToken:1:2:group:0'),
  encode('AccessToken:1:2:robot:5'),
  encode('AccessToken:1:2:group:5:6'),
  `${toGlobalId('Grant', '1')}=`,
  ` ${toGlobalId('Grant', '1')}`,
])('%j is no id of ours', (text) => {
  expect(() => fromGlobalId(text, 'Grant', 'User', 'AccessToken')).toThrow(GatehouseError);
});

it('an id of another kind is refused by name: at the top in a query, as a user error on its field in a mutation', () => {
  const user = toGlobalId('User', '1', '2');
  expect(() => fromGlobalId(user, 'Grant')).toThrow('the id of a User. Give the id of a Grant');
  const refusal = thrownBy(() => fromInputId(user, ['access', 'grantId'], 'Grant'));
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT', field: ['access', 'grantId'] }] });
});

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}
