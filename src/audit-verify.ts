#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { loadConfig } from './config.ts';
import { checkChain } from './store/audit-check.ts';
import type { ChainCheck } from './store/audit-check.ts';
import { openStore } from './store/open.ts';

const USAGE = `Checks that no audit event was changed, taken out, put in or cut off.
  --expect-head HASH   also that the event with this hash, as an earlier check printed it, is still there
It reads the gateway's own settings. The embedded store can be checked only while no gateway runs on it.
Ends with 0 when the chain is whole, 1 when it is broken, 2 when it could not be checked.`;

function options(): { expectHead: string | null; help: boolean } {
  const { values } = parseArgs({ options: { 'expect-head': { type: 'string' }, help: { type: 'boolean' } } });
  const expectHead = values['expect-head']?.toLowerCase() ?? null;
  if (expectHead !== null && !/^[0-9a-f]{64}$/.test(expectHead)) {
    throw new Error('Write 64 hexadecimal digits after --expect-head, as an earlier check printed them.');
  }
  return { expectHead, help: values.help === true };
}

async function check(expectHead: string | null): Promise<ChainCheck> {
  const { dataDir, databaseUrl } = loadConfig();
  const store = await openStore({ dataDir, databaseUrl, clockShiftMs: () => 0, asItIs: true });
  try {
    return await checkChain(store.db, { expectHead });
  } finally {
    await store.close();
  }
}

function report(found: ChainCheck): void {
  if (found.whole) {
    process.stdout.write(`The audit chain is whole: ${found.events.toString()} events, head ${found.head}\n`);
    return;
  }
  process.stdout.write(`The audit chain is broken at sequence ${found.firstBad.toString()}: ${found.why}.\n`);
  process.exitCode = 1;
}

try {
  const { expectHead, help } = options();
  if (help) process.stdout.write(`${USAGE}\n`);
  else report(await check(expectHead));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
