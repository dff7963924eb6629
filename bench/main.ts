import { parseArgs } from 'node:util';
import { restart } from './restart.ts';
import { revoke } from './revoke.ts';
import type { StoreName } from './workload.ts';

const STORES: readonly StoreName[] = ['postgres', 'embedded'];
const USAGE = `usage: npm run bench -- revoke [--grants 1000] [--seconds 60] [--store postgres|embedded] [--profile FOLDER]
       npm run bench -- restart [--grants 10000] [--store postgres|embedded] [--profile FOLDER]
Without --store both are measured; the last line is that of the embedded store. Each gateway leaves a CPU profile in FOLDER.
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grants: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    store: { type: 'string' },
    profile: { type: 'string' },
  },
});
const [workload] = positionals;
const isNumber = (text: string | undefined): boolean => text === undefined || /^[1-9]\d{0,5}$/.test(text);
const stores = STORES.filter((store) => values.store === undefined || values.store === store);
if (stores.length === 0 || !isNumber(values.grants) || !isNumber(values.seconds)) {
  process.stderr.write(USAGE);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
for (const store of stores) {
  const common = { store, profileDir: values.profile ?? null };
  if (workload === 'revoke') {
    await revoke({ ...common, grants: Number(values.grants ?? 1_000), windowSeconds: Number(values.seconds) }, say);
  } else if (workload === 'restart') {
    await restart({ ...common, grants: Number(values.grants ?? 10_000) }, say);
  } else {
    process.stderr.write(USAGE);
    process.exit(2);
  }
}
