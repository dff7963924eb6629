import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { USAGE, readOptions } from './options.ts';
import type { Options } from './options.ts';
import { runPhase } from './phase.ts';
import type { Outcome } from './phase.ts';
import { createProcesses } from './processes.ts';
import { tell, verdict } from './report.ts';

/** PostgreSQL's part of the time: its three gateways share the work, and restart in less time than the embedded one. */
const SHARE = { postgres: 0.65, embedded: 0.35 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(options: Options): Promise<boolean> {
  const { seed, plant, stores } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-chaos-'));
  const processes = createProcesses();
  const close = async (): Promise<void> => {
    await processes.endAll();
    await rm(folder, { recursive: true, force: true });
  };
  const onSignal = (): void => {
    void close().finally(() => process.exit(1));
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  say(`chaos: seed ${String(seed)}, ${String(options.minutes)} minutes on ${stores.join(' and ')}`);
  const outcomes: Outcome[] = [];
  try {
    for (const store of stores) {
      const minutes = stores.length === 1 ? options.minutes : options.minutes * SHARE[store];
      // A row is planted in the last phase only: one must be enough.
      const planted = plant && store === stores.at(-1);
      const outcome = await runPhase({ store, minutes, seed, plant: planted, folder, processes });
      for (const line of tell(outcome)) say(line);
      outcomes.push(outcome);
    }
  } finally {
    await close();
  }
  const faults = verdict(outcomes);
  say(faults.length === 0 ? 'chaos: every membership is as it must be' : `chaos: FAILED: ${faults.join('; ')}`);
  return faults.length === 0;
}

const options = readOptions(process.argv.slice(2));
if (options === null) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(options).then(
    (passed) => (passed ? 0 : 1),
    (error: unknown) => {
      say(`chaos: FAILED: ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    },
  );
}
