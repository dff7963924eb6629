import { execute } from './execute.ts';
import { extract } from './extract.ts';
import { UsageError, numberOf, readOptions, storesOf } from './options.ts';
import type { Workload } from './options.ts';
import { members } from './members.ts';
import { questions } from './questions.ts';
import { restart } from './restart.ts';
import { revoke } from './revoke.ts';
import { storm } from './storm.ts';

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
  storm: {
    usage:
      '[--clients 200] [--grants 120] [--seconds 45] [--gateways 2] [--store postgres|embedded] [--profile FOLDER]',
    async run(options, say) {
      const sizes = {
        clients: numberOf(options, 'clients', 200),
        grants: numberOf(options, 'grants', 120),
        seconds: numberOf(options, 'seconds', 45),
      };
      for (const store of storesOf(options)) {
        const gateways = store === 'postgres' ? numberOf(options, 'gateways', 2) : 1;
        if (options['store'] === 'embedded' && numberOf(options, 'gateways', 1) > 1) {
          throw new UsageError('The embedded store takes one gateway.');
        }
        await storm({ store, profileDir: options['profile'] ?? null, gateways, ...sizes }, say);
      }
    },
  },
  extract: {
    usage:
      '[--sizes medium,large] [--groups 20] [--projects 100] [--members 50] [--people 1000] [--rounds 3] [--store postgres|embedded] [--profile FOLDER]',
    async run(options, say) {
      const { sizes: asked = 'medium,large', profile: profileDir = null } = options;
      const sizes = asked
        .split(',')
        .flatMap((size) => (size === 'medium' || size === 'large' ? ([size] as const) : []));
      const organisation = {
        groups: numberOf(options, 'groups', 20),
        projects: numberOf(options, 'projects', 100),
        membersEach: numberOf(options, 'members', 50),
        people: numberOf(options, 'people', 1_000),
        rounds: numberOf(options, 'rounds', 3),
      };
      for (const store of storesOf(options)) await extract({ store, sizes, profileDir, ...organisation }, say);
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
  questions: {
    usage: '[--size large] [--samples 60] [--live-samples 8] [--store postgres|embedded] [--profile FOLDER]',
    async run(options, say) {
      const { size = 'large', profile = null } = options;
      if (size !== 'small' && size !== 'medium' && size !== 'large') {
        throw new UsageError('--size is small, medium or large.');
      }
      const samples = numberOf(options, 'samples', 60);
      const liveSamples = numberOf(options, 'live-samples', 8);
      for (const store of storesOf(options))
        await questions({ store, size, samples, liveSamples, profileDir: profile }, say);
    },
  },
  members: {
    usage: '[--groups 100] [--members 25] [--latency-ms 20] [--rounds 9] [--profile FOLDER]',
    async run(options, say) {
      const sizes = { groups: numberOf(options, 'groups', 100), members: numberOf(options, 'members', 25) };
      const [latencyMs, rounds] = [numberOf(options, 'latency-ms', 20), numberOf(options, 'rounds', 9)];
      await members({ ...sizes, latencyMs, rounds, profileDir: options['profile'] ?? null }, say);
    },
  },
  execute: {
    usage: '[--groups 10] [--members 100] [--rounds 8] [--turn-ms 2000] [--profile FOLDER]',
    async run(options, say) {
      const sizes = { groups: numberOf(options, 'groups', 10), members: numberOf(options, 'members', 100) };
      const [rounds, turnMs] = [numberOf(options, 'rounds', 8), numberOf(options, 'turn-ms', 2_000)];
      await execute({ ...sizes, rounds, turnMs, profileDir: options['profile'] ?? null }, say);
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
