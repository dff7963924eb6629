import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultGraphQLSettings } from '../../sandbox/graphql/index.ts';
import type { GraphQLSettings } from '../../sandbox/graphql/index.ts';
import { GitLabError } from '../../src/gitlab/index.ts';
import { aboutGroup, lab, value } from './support/sandbox.ts';
import type { Lab } from './support/sandbox.ts';

let the: Lab | null = null;
afterEach(async () => {
  await the?.close();
  the = null;
});

async function limited(change: (settings: GraphQLSettings) => void): Promise<Lab> {
  const graphql = defaultGraphQLSettings();
  change(graphql);
  the = await lab({ graphql });
  return the;
}

describe('an instance with lower limits', () => {
  it('still answers all, in more calls, and is asked within its limit from then on', async () => {
    const { as, sandbox, count } = await limited((settings) => {
      settings.complexity.user = 90;
    });
    const client = as('gatehouse');
    const groups = [...sandbox.world.groups.values()].filter((group) => group.fullPath.startsWith('acme'));
    const paths = groups.map((group) => group.fullPath);
    const found = await client.groupsByPath(paths);
    expect(paths.filter((path) => value(found.get(path)).fullPath !== path)).toEqual([]);
    const members = await client.members(groups.map((group) => aboutGroup(group)));
    expect([...members.values()].filter((page) => page === null || page instanceof GitLabError)).toEqual([]);
    expect(await count(async () => client.groupsByPath(paths.slice(0, 20)))).toBe(2);
  });

  it('that runs out of time on one field leaves that error with its keys', async () => {
    const { as, known } = await limited((settings) => {
      settings.timeouts.add('Project.projectMembers');
    });
    const { api } = known.projects;
    const pages = await as('gatehouse').members([
      aboutGroup(known.groups.acme),
      { ...aboutGroup({ id: api.id, fullPath: 'x' }), kind: 'project', relations: ['DIRECT'], key: 'project' },
    ]);
    expect(pages.get('project')).toMatchObject({ code: 'UNAVAILABLE' });
    expect(value(pages.get('acme DIRECT')).items.length).toBeGreaterThan(0);
  });
});
