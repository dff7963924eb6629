import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { GROUPS, PROJECTS, TOKENS, USERS } from '../sandbox/seed/index.ts';
import { startSandbox } from '../sandbox/server.ts';
import { createGatehouse } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { createApi } from './api.ts';
import { inviteOnCall } from './prepare.ts';
import { tour } from './tour.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Starts a GitLab and a gateway that live as long as this process, and nothing longer. */
async function startAll() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'gatehouse-demo-'));
  const sandbox = await startSandbox({ port: 0, size: 'small' });
  await inviteOnCall({ gitlabUrl: sandbox.url, adminToken: sandbox.tokens.admin, fetch });
  const config = loadConfig({ PORT: '0', DATA_DIR: dataDir, ALLOW_INSECURE_GITLAB: 'true', LOG_LEVEL: 'warn' });
  const gatehouse = await createGatehouse({ config, log: createLog({ level: config.logLevel }) });
  const close = async (): Promise<void> => {
    await gatehouse.close();
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  if (gatehouse.newAdminKey === null) throw new Error('The gateway made no admin key on its first start.');
  return { sandbox, gatehouse, key: gatehouse.newAdminKey, close };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  say('Gatehouse: a tour of the main job, through the public API, against a GitLab that runs here.');
  const { sandbox, gatehouse, key, close } = await startAll();
  const places = {
    gitlabUrl: sandbox.url,
    badToken: TOKENS.expired,
    goodToken: TOKENS.owner,
    group: GROUPS.payments,
    manyPathsUser: USERS.carol,
    project: PROJECTS.tooling,
    developer: USERS.eve,
  };
  try {
    await tour({ api: createApi({ url: gatehouse.url, key, fetch }), places, say, sleep });
  } catch (error) {
    await close();
    throw error;
  }
  say('\nEvery step showed what it says.');
  if (values.once) {
    await close();
    return;
  }
  say(
    `\nStill running. Ask it yourself:\n  URL  ${gatehouse.url}/graphql\n  key  ${key}   (Authorization: Bearer ...)`,
  );
  say(`  GitLab ${sandbox.url}, connection "sandbox". Ctrl-C ends both.`);
  let closing = false;
  const onSignal = (): void => {
    if (closing) process.exit(1);
    closing = true;
    void close();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
