import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { Ledger, Place } from './ledger.ts';
import { EXTEND, GRANT, REVOKE, extendedSchema, grantedSchema, revokedSchema } from './operations.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import type { World } from './world.ts';

/** How long a client asks again for one answer; longer than any lease, so that it outlives every crash. */
const PATIENCE_MS = 300_000;
const LEVELS = [
  { name: 'REPORTER', value: 20 },
  { name: 'DEVELOPER', value: 30 },
  { name: 'DEVELOPER', value: 30 },
  { name: 'MAINTAINER', value: 40 },
  { name: 'OWNER', value: 50 },
];
/** How often an answered mutation is sent once more with the same key: the answer must name the same thing. */
const ASKED_TWICE = 0.1;

export type Asked = {
  grants: number;
  extensions: number;
  revokes: number;
  memberships: number;
  refused: Map<string, number>;
  /** Mutations that were answered, and sent once more. */
  twice: number;
  /** Of these, the ones whose second answer named something else, in words. */
  unlike: string[];
};

/** People at work: each asks, waits for the answer, and asks for the next thing. */
export type Clients = {
  asked: Asked;
  /** Ids of the grants that a gateway said it made. */
  grantIds: Set<string>;
  /** Works until `stopped` says so, then finishes what is under way. */
  work(stopped: () => boolean): Promise<void>;
};

type Deps = { api: Api; ledger: Ledger; world: World; connectionId: string; seed: number; count: number };

export function createClients(deps: Deps): Clients {
  const { api, ledger, world, connectionId } = deps;
  const asked: Asked = {
    grants: 0,
    extensions: 0,
    revokes: 0,
    memberships: 0,
    refused: new Map(),
    twice: 0,
    unlike: [],
  };
  const grantIds = new Set<string>();
  /** Grants that may still stand, newest last. */
  let recent: string[] = [];

  function refusedOrNot(userErrors: { code: string }[]): boolean {
    for (const { code } of userErrors) asked.refused.set(code, (asked.refused.get(code) ?? 0) + 1);
    return userErrors.length > 0;
  }

  const giveUpAt = (): number => performance.now() + PATIENCE_MS;
  const refs = ({ source, person }: Place) => ({
    connectionId,
    user: { username: person.username },
    target: source.kind === 'group' ? { group: source.fullPath } : { project: source.fullPath },
  });

  async function grant(random: Random, key: string, place: Place): Promise<void> {
    const seconds = random.between(2, 20);
    const until = new Date(Date.now() + (seconds + 4) * 1000).toISOString();
    const starts = new Date(Date.now() + random.between(1, 4) * 1000).toISOString();
    const level = random.pick(LEVELS);
    const input = {
      ...refs(place),
      accessLevel: level.name,
      ...(random.chance(0.25) ? { expiresAt: until } : { duration: `PT${String(seconds)}S` }),
      ...(random.chance(0.1) ? { startsAt: starts } : {}),
      reason: 'chaos',
      idempotencyKey: key,
    };
    asked.grants += 1;
    ledger.asked(place, level.value);
    const ask = async () => grantedSchema.parse(await api.ask(GRANT, { input }, giveUpAt())).grantAccess;
    const grantAccess = await ask();
    refusedOrNot(grantAccess.userErrors);
    if (grantAccess.grant === null) return;
    if (random.chance(ASKED_TWICE)) {
      asked.twice += 1;
      const again = (await ask()).grant?.id ?? 'nothing';
      if (again !== grantAccess.grant.id) asked.unlike.push(`${key}: ${grantAccess.grant.id} and then ${again}`);
    }
    grantIds.add(grantAccess.grant.id);
    recent = [...recent.slice(-40), grantAccess.grant.id];
  }

  async function extend(random: Random, key: string): Promise<void> {
    const grantId = random.pick(recent);
    const input = { grantId, duration: `PT${String(random.between(2, 8))}S`, reason: 'chaos', idempotencyKey: key };
    asked.extensions += 1;
    refusedOrNot(extendedSchema.parse(await api.ask(EXTEND, { input }, giveUpAt())).extendGrant.userErrors);
  }

  async function revoke(random: Random, key: string): Promise<void> {
    const input = { access: { grantId: random.pick(recent) }, reason: 'chaos', idempotencyKey: key };
    asked.revokes += 1;
    refusedOrNot(revokedSchema.parse(await api.ask(REVOKE, { input }, giveUpAt())).revokeAccess.userErrors);
  }

  async function revokeMembership(place: Place, key: string): Promise<void> {
    const input = { access: { membership: refs(place) }, reason: 'chaos', idempotencyKey: key };
    asked.memberships += 1;
    ledger.asked(place);
    const { revokeAccess } = revokedSchema.parse(await api.ask(REVOKE, { input }, giveUpAt()));
    if (!refusedOrNot(revokeAccess.userErrors)) ledger.revoked(place);
  }

  async function next(random: Random, key: string, hot: readonly Place[]): Promise<void> {
    const somewhere: Place = { source: random.pick(world.sources), person: random.pick(world.people) };
    const place = random.chance(0.5) ? random.pick(hot) : somewhere;
    const choice = random.next();
    if (choice < 0.14 && recent.length > 0) await extend(random, key);
    else if (choice < 0.26 && recent.length > 0) await revoke(random, key);
    else if (choice < 0.31) await revokeMembership(place, key);
    else await grant(random, key, place);
  }

  async function client(number: number, hot: readonly Place[], stopped: () => boolean): Promise<void> {
    const random = createRandom(deps.seed, `client ${String(number)}`);
    for (let turn = 1; !stopped(); turn += 1) {
      await next(random, `chaos-${String(number)}-${String(turn)}`, hot);
      await sleep(random.between(20, 200));
    }
  }

  return {
    asked,
    grantIds,
    async work(stopped) {
      const random = createRandom(deps.seed, 'places');
      // Places where grants overlap.
      const hot = Array.from({ length: 24 }, () => ({
        source: random.pick(world.sources),
        person: random.pick(world.people),
      }));
      const numbers = Array.from({ length: deps.count }, (_, index) => index + 1);
      await Promise.all(numbers.map((number) => client(number, hot, stopped)));
    },
  };
}
