import { UsageError, numberOf, readOptions, storesOf } from './options.ts';
import type { Workload } from './options.ts';
import { restart } from './restart.ts';
import { revoke } from './revoke.ts';

/** What can be measured, by name. */
const WORKLOADS: Readonly<Record<string, Workload>> = {
  revoke: {
    usage: '[--grants 1000] [--seconds 60] [--store postgres|embedded] [--profile FOLDER]',
    async run(options, say) {
      const sizes = { grants: numberOf(options, 'grants', 1_000), windowSeconds: numberOf(options, 'seconds', 60) };
      for (const store of storesOf(options))
        await revoke({ store, profileDir: options['profile'] ?? null, ...sizes }, say);
    },
  },
  restart: {
    usage: '[--grants 10000] [--store postgres|embedded] [--profile FOLDER]',
    async run(options, say) {
      const grants = numberOf(options, 'grants', 10_000);
      for (const store of storesOf(options))
        await restart({ store, profileDir: options['profile'] ?? null, grants }, say);
    },
  },
};

function usage(): string {
  const lines = Object.entries(WORKLOADS).map(([name, { usage: options }]) => `npm run bench -- ${name} ${options}`);
  return `usage: ${lines.join('\n       ')}
Without --store both are measured; the last line is that of the embedded store. Each gateway leaves a CPU profile in FOLDER.
`;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const [name, ...args] = process.argv.slice(2);
const workload = Object.hasOwn(WORKLOADS, name ?? '') ? WORKLOADS[name ?? ''] : undefined;
try {
  if (workload === undefined) throw new UsageError('Name what is to be measured.');
  await workload.run(readOptions(workload.usage, args), (line) => {
    process.stdout.write(`${line}\n`);
  });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage()}`);
  process.exitCode = 2;
}
