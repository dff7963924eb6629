import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createChance } from '../../sandbox/seed/prng.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { membersAllOf } from './truth.ts';

type Entry = { user: { gitlabId: string }; source: { kind: string; gitlabId: string }; accessLevelValue: number };
type Page = { nodes: Entry[]; pageInfo: { hasNextPage: boolean; endCursor: string | null }; unknownSources: number };
type Levels = Map<string, number>;

const PAGE = `nodes { user { gitlabId } source { kind gitlabId } accessLevelValue paths { kind accessLevel } }
  pageInfo { hasNextPage endCursor } unknownSources`;

async function pageOf(gateway: Gateway, question: string, after: string | null): Promise<Page> {
  const { data, errors } = await gateway.query<{ connection: { insight: { page: Page } } }>(
    `query ($after: String) {
      connection(name: "sandbox") { insight { page: ${question}, first: 100, after: $after) { ${PAGE} } } } }`,
    { after },
  );
  expect(errors).toEqual([]);
  return data.connection.insight.page;
}

/** Somebody's or some place's whole reach, over pages of 100. */
async function whole(gateway: Gateway, question: string, keyOf: (entry: Entry) => string): Promise<Levels> {
  const found: Levels = new Map();
  let after: string | null = null;
  do {
    const { nodes, pageInfo, unknownSources }: Page = await pageOf(gateway, question, after);
    expect(unknownSources).toBe(0);
    for (const entry of nodes) found.set(keyOf(entry), entry.accessLevelValue);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

describe('questions over a real extraction of a medium organisation', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({ store: 'memory', sandbox: { size: 'medium' } });
    gateway.sandbox.settings({ rateLimits: false });
    const connectionId = await gateway.connect({ token: gateway.sandbox.tokens.admin });
    await gateway.query(
      `mutation ($input: StartExtractionInput!) { startExtraction(input: $input) { userErrors { code } } }`,
      { input: { connectionId } },
    );
    const isDone = async (): Promise<boolean> => {
      type Seen = { connection: { insight: { run: number } | null } };
      const { data } = await gateway.query<Seen>('{ connection(name: "sandbox") { insight { run } } }');
      return data.connection.insight !== null;
    };
    while (!(await isDone())) await pause(50);
  }, 600_000);
  afterAll(() => gateway.close());

  it("agree with GitLab's members/all: who reaches a place, and what a person reaches", async () => {
    const { world } = gateway.sandbox;
    const membersAll = membersAllOf(world);
    const chance = createChance(1);
    const places = [
      ...[...world.groups.keys()].map((id) => ({ kind: 'group' as const, id: String(id) })),
      ...[...world.projects.keys()].map((id) => ({ kind: 'project' as const, id: String(id) })),
    ];
    const pathOf = ({ kind, id }: (typeof places)[number]): string =>
      (kind === 'group' ? world.groups : world.projects).get(Number(id))?.fullPath ?? '';
    for (const place of Array.from({ length: 20 }, () => chance.pick(places))) {
      const question = `sourceReach(source: { ${place.kind}: "${pathOf(place)}" }`;
      expect(await whole(gateway, question, ({ user }) => user.gitlabId)).toEqual(membersAll(place.kind, place.id));
    }
    const lists = places.map((place) => [place, membersAll(place.kind, place.id)] as const);
    for (const userId of Array.from({ length: 8 }, () => String(chance.pick([...world.users.keys()])))) {
      const truth = lists.flatMap(([{ kind, id }, levels]) => {
        const level = levels.get(userId);
        return level === undefined ? [] : [[`${kind} ${id}`, level] as const];
      });
      const question = `userReach(user: { gitlabId: "${userId}" }`;
      const ours = await whole(gateway, question, ({ source }) => `${source.kind.toLowerCase()} ${source.gitlabId}`);
      expect(ours).toEqual(new Map(truth));
    }
  }, 600_000);
});
