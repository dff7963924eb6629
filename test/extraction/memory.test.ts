import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { addMember, addUser } from '../../sandbox/model/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';
import { extract, storedFacts } from './asking.ts';

const CROWD = 1_500;
const PAGE = 100;
/** Of the lists of places, people and tokens, and of the members of the crowded group, one page each; and of the rest all. */
const PAGES = 5;
const REST = 100;

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ store: 'memory' });
  gateway.sandbox.settings({ rateLimits: false });
  const { world } = gateway.sandbox;
  const [group] = world.groups.values();
  for (let made = 0; made < CROWD; made += 1) {
    const { id } = addUser(world, { username: `crowd${String(made)}` });
    addMember(world, { sourceKind: 'Group', sourceId: group?.id ?? 0, userId: id, accessLevel: 30 });
  }
}, 120_000);
afterAll(() => gateway.close());

it('however many people and members there are, no more than some pages of them are in memory at a time', async () => {
  const connectionId = await gateway.connect({ token: gateway.sandbox.tokens.admin });
  expect((await extract(gateway, connectionId)).status).toBe('DONE');
  const { users, members } = await storedFacts(gateway);
  expect(Math.min(users.length, members.length)).toBeGreaterThan(CROWD);
  const told = gateway.logged.flatMap((text) => /"rowsHeldAtMost":(\d+)/.exec(text)?.[1] ?? []);
  expect(told).toHaveLength(1);
  expect(Number(told[0])).toBeGreaterThanOrEqual(PAGE);
  expect(Number(told[0])).toBeLessThanOrEqual(PAGE * PAGES + REST);
}, 240_000);
