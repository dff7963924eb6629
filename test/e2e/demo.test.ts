import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApi } from '../../demo/api.ts';
import type { Api } from '../../demo/api.ts';
import { inviteOnCall } from '../../demo/prepare.ts';
import { tour } from '../../demo/tour.ts';
import { GROUPS, PROJECTS, TOKENS, USERS } from '../../sandbox/seed/index.ts';
import { startGateway } from '../support/gateway.ts';
import type { Gateway } from '../support/gateway.ts';

type Demo = { code: number | null; output: string };

function demo(args: readonly string[]): Promise<Demo> {
  const child = spawn(process.execPath, ['demo/main.ts', ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

it('npm run demo -- --once walks the whole tour and exits with 0', async () => {
  const { code, output } = await demo(['--once']);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Every step showed what it says.') });
  for (let step = 1; step <= 9; step += 1) expect(output).toContain(`\n${String(step)}. `);
  expect(output).not.toContain('glpat-');
}, 90_000);

describe('a tour of a gateway that lies', () => {
  let gateway: Gateway;
  let api: Api;
  beforeAll(async () => {
    gateway = await startGateway({ store: 'memory', sandbox: { size: 'small' } });
    const { url: gitlabUrl, tokens } = gateway.sandbox;
    await inviteOnCall({ gitlabUrl, adminToken: tokens.admin, fetch });
    api = createApi({ url: gateway.url(), key: gateway.adminKey, fetch });
  }, 120_000);
  afterAll(() => gateway.close());

  const walk = (lie: (text: string) => string): Promise<void> =>
    tour({
      api: async <T>(document: string, variables?: Record<string, unknown>): Promise<T> =>
        JSON.parse(lie(JSON.stringify(await api<T>(document, variables)))) as T,
      places: {
        gitlabUrl: gateway.sandbox.url,
        badToken: TOKENS.expired,
        goodToken: TOKENS.owner,
        group: GROUPS.payments,
        manyPathsUser: USERS.carol,
        project: PROJECTS.tooling,
        developer: USERS.eve,
      },
      say: () => undefined,
      sleep: () => gateway.advance(10_000),
    });

  const saved = async (): Promise<void> => {
    const { data } = await gateway.query<{ connections: { id: string }[] }>('{ connections { id } }');
    for (const { id } of data.connections) {
      await gateway.query(
        `mutation ($id: ID!) { deleteConnection(input: { connectionId: $id, grants: END, reason: "again" }) { userErrors { code } } }`,
        { id },
      );
    }
  };

  it.each([
    ['a bad token that passes', /"passed":false/g, '"passed":true', 'an expired token fails'],
    ['a good token that fails', /"passed":true/g, '"passed":false', 'the good token passes'],
    ['two of three paths', /"SHARED"/g, '"DIRECT"', 'all three kinds of path'],
    ['a grant that is not verified', /"status":"ACTIVE"/g, '"status":"ACTIVATING"', 'verified the grant'],
    [
      'a membership that was not raised',
      /"MAINTAINER","expiresAt":"[^"]*","user"/g,
      '"DEVELOPER","expiresAt":null,"user"',
      'Maintainer',
    ],
    ['an audit without the end', /GRANT_ENDED/g, 'GRANT_NOTED', 'the audit tells of start and end'],
  ])('fails at %s', async (_lie, truth, falsehood, message) => {
    await expect(walk((text) => text.replace(truth, falsehood))).rejects.toThrow(message);
    await saved();
  });

  it('is walked to its end where nothing is a lie', async () => {
    await expect(walk((text) => text)).resolves.toBeUndefined();
  });
});
