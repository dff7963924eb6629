#!/usr/bin/env node
import { enableCompileCache, flushCompileCache } from 'node:module';
import path from 'node:path';
import type { Gatehouse } from './app.ts';
import { configWarnings, loadConfig } from './config.ts';
import type { Config } from './config.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';

const SHUTDOWN_LIMIT_MS = 45_000;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Ends in order at the first signal, and at once at the second or when it takes too long. */
function closeOnSignals(gatehouse: Gatehouse, log: Log): void {
  let closing = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (closing) process.exit(1);
    closing = true;
    log.info({ signal }, 'Closing: requests and jobs under way are finished first.');
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    void gatehouse.close().then(() => {
      log.info('Closed.');
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function start(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel });
  for (const warning of configWarnings(config)) log.warn(warning);
  // Compiling the code is a good part of a start, so what comes of it is kept for the next one, where nobody else can write.
  enableCompileCache(path.join(config.dataDir, 'compiled'));
  const { createGatehouse } = await import('./app.ts');
  const gatehouse = await createGatehouse({ config, log });
  closeOnSignals(gatehouse, log);
  if (gatehouse.newAdminKey !== null) say(`The first admin key, shown this once: ${gatehouse.newAdminKey}`);
  say(`Gatehouse answers at ${gatehouse.url}/graphql`);
  flushCompileCache();
}

try {
  await start(loadConfig());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
