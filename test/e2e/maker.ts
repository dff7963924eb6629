import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GROUPS, PROJECTS, TOKENS, USERS } from '../../sandbox/seed/index.ts';
import type { Gateway } from '../support/gateway.ts';
import type { Maker, Variables } from './root-fields.ts';

type Id = { id: string };
type Started = { extraction: Id | null };

const START = `mutation ($input: StartExtractionInput!) {
  result: startExtraction(input: $input) { extraction { id } userErrors { message } }
}`;

/** Makes grants, revocations and connections on a gateway that is connected as `sandbox`, never the same one twice. */
export function makerOn(gateway: Gateway, connectionId: string): Maker {
  const strangers = peopleWithout(gateway, [GROUPS.acme, GROUPS.platform], PROJECTS.tooling);
  const members = directMembers(gateway, GROUPS.everyone);

  async function mutate<T>(document: string, input: Variables): Promise<T> {
    const { data, errors } = await gateway.query<{ result: T }>(document, { input });
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data.result;
  }
  const maker: Maker = {
    gateway,
    connection: async () => {
      const name = `spare ${randomUUID()}`;
      return { id: await gateway.connect({ name, token: TOKENS.owner }) };
    },
    ownToken: async () => {
      const userId = [...gateway.sandbox.world.users.values()].find(({ username }) => username === USERS.gatehouse)?.id;
      const { token } = gateway.sandbox.edit({ action: 'addToken', userId: userId ?? 0, scopes: ['api'] });
      return { id: await gateway.connect({ name: `own ${randomUUID()}`, token: String(token) }) };
    },
    grantInput: () => ({
      connectionId,
      user: { username: next(strangers) },
      target: { project: PROJECTS.tooling },
      accessLevel: 'MAINTAINER',
      duration: 'PT2H',
      reason: 'incident',
    }),
    async grant() {
      const { grant } = await mutate<{ grant: (Id & { status: string }) | null }>(
        'mutation ($input: GrantAccessInput!) { result: grantAccess(input: $input) { grant { id status } } }',
        maker.grantInput(),
      );
      if (grant?.status !== 'ACTIVE') throw new Error(`No active grant: ${JSON.stringify(grant)}`);
      return grant.id;
    },
    membership: () => ({
      access: { membership: { connectionId, user: { username: next(members) }, target: { group: GROUPS.everyone } } },
      reason: 'has left',
    }),
    revocation: () =>
      mutate(
        'mutation ($input: RevokeAccessInput!) { result: revokeAccess(input: $input) { revocation { id } } }',
        maker.membership(),
      ),
    async extraction() {
      const input = { connectionId: (await maker.connection()).id, idempotencyKey: randomUUID() };
      await ended((await mutate<Started>(START, input)).extraction?.id);
      return input;
    },
    async cancellation() {
      const { id } = await maker.connection();
      // Held, so that it cannot be done before it is ended.
      gateway.sandbox.fault({ kind: 'delay', delayMs: 600_000, times: 1_000 });
      try {
        const { extraction } = await mutate<Started>(START, { connectionId: id });
        const input = { extractionId: extraction?.id, idempotencyKey: randomUUID() };
        await mutate(
          'mutation ($input: CancelExtractionInput!) { result: cancelExtraction(input: $input) { userErrors { code } } }',
          input,
        );
        return input;
      } finally {
        gateway.sandbox.clearFaults();
      }
    },
  };

  async function ended(id: string | undefined): Promise<void> {
    const asked = 'query ($id: ID!) { node(id: $id) { ... on Extraction { status } } }';
    for (;;) {
      const { data } = await gateway.query<{ node: { status: string } | null }>(asked, { id });
      if (data.node?.status !== 'RUNNING') return;
      await pause(20);
    }
  }
  return maker;
}

function next(usernames: string[]): string {
  const username = usernames.shift();
  if (username === undefined) throw new Error('Nobody is left in this small world.');
  return username;
}

/** People who may sign in and have no membership that reaches the project. */
function peopleWithout({ sandbox }: Gateway, groups: readonly string[], project: string): string[] {
  const { world } = sandbox;
  const taken = new Set(
    [...world.members.values()]
      .filter(({ sourceKind, sourceId }) =>
        sourceKind === 'Group'
          ? groups.includes(world.groups.get(sourceId)?.fullPath ?? '')
          : world.projects.get(sourceId)?.fullPath === project,
      )
      .map(({ userId }) => userId),
  );
  return [...world.users.values()]
    .filter(({ id, state, userType, admin }) => state === 'active' && userType === 'human' && !admin && !taken.has(id))
    .map(({ username }) => username);
}

/** People whose only way into the group is their own row. */
function directMembers(gateway: Gateway, group: string): string[] {
  const { world } = gateway.sandbox;
  const elsewhere = new Set(peopleWithout(gateway, [GROUPS.acme], ''));
  return [...world.members.values()]
    .filter(({ sourceKind, sourceId }) => sourceKind === 'Group' && world.groups.get(sourceId)?.fullPath === group)
    .map(({ userId }) => world.users.get(userId)?.username ?? '')
    .filter((username) => elsewhere.has(username));
}
