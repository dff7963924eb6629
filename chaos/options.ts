import { parseArgs } from 'node:util';

export type StoreKind = 'postgres' | 'embedded';

export type Options = {
  /** How long gateways are killed and GitLab misbehaves, over all phases. */
  minutes: number;
  seed: number;
  stores: readonly StoreKind[];
  /** Changes one row behind the gateway's back at the end, to see that it is noticed. */
  plant: boolean;
};

export const USAGE = 'usage: npm run chaos -- --minutes N --seed S [--store postgres|embedded|both] [--plant]';

const STORES: Record<string, readonly StoreKind[]> = {
  postgres: ['postgres'],
  embedded: ['embedded'],
  both: ['postgres', 'embedded'],
};

/** Reads the command line; null where it is not one that this command knows. */
export function readOptions(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '2' },
        seed: { type: 'string', default: '1' },
        store: { type: 'string', default: 'both' },
        plant: { type: 'boolean', default: false },
      },
    });
    const [minutes, seed, stores] = [Number(values.minutes), Number(values.seed), STORES[values.store]];
    if (!(minutes > 0) || !Number.isInteger(seed) || stores === undefined) return null;
    return { minutes, seed, stores, plant: values.plant };
  } catch {
    return null;
  }
}
