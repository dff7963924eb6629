import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness } from './graphql-harness.ts';
import type { Harness } from './graphql-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.sandbox.close());

async function codeAt(version: string, query: string): Promise<unknown> {
  harness.sandbox.settings({ version });
  return (await harness.ask(query)).errors[0]?.extensions?.code;
}

describe('an older GitLab', () => {
  it.each([
    ['17.0.0-ee', '17.6.0-ee', '{groups(ids:[]){nodes{id}}}', 'argumentNotAccepted'],
    ['17.9.1', '17.10.0', '{groups(parentPath:"acme"){nodes{id}}}', 'argumentNotAccepted'],
    ['18.0.0-ee', '18.1.0-ee', '{groups(first:1){count}}', 'undefinedField'],
    ['18.2.0-ee', '18.3.0-ee', '{users(userTypes:[HUMAN],first:1){nodes{id}}}', 'argumentNotAccepted'],
    ['16.5.0-ee', '16.6.0-ee', '{projects(fullPaths:[]){nodes{id}}}', 'argumentNotAccepted'],
    ['17.11.0-ee', '18.0.0-ee', '{currentUser{type}}', 'undefinedField'],
    [
      '17.6.0-ee',
      '17.7.0-ee',
      '{group(fullPath:"acme"){groupMembers(accessLevels:[PLANNER]){nodes{id}}}}',
      'argumentLiteralsIncompatible',
    ],
  ])('at %s refuses the whole document for what came with %s: %s', async (older, newer, query, code) => {
    expect(await codeAt(older, query)).toBe(code);
    expect(await codeAt(newer, query)).toBeUndefined();
  });

  it('reports its version, so that clients can choose their query by it', async () => {
    harness.sandbox.settings({ version: '17.0.0-ee' });
    expect((await harness.ask('{metadata{version}}')).data).toEqual({ metadata: { version: '17.0.0-ee' } });
  });
});

describe('remove_deprecated', () => {
  it('hides experiments and everything else marked deprecated', async () => {
    harness.sandbox.settings({ version: '18.9.0-ee' });
    const ask = (query: string) => harness.post(JSON.stringify({ query }), { search: '?remove_deprecated=true' });
    expect((await ask('{currentUser{email}}')).errors[0]?.extensions?.code).toBe('undefinedField');
    expect((await ask('{currentUser{publicEmail}}')).errors).toEqual([]);
  });
});
