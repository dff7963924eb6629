import { parseArgs } from 'node:util';
import type { Say, StoreName } from './workload.ts';

const STORES: readonly StoreName[] = ['postgres', 'embedded'];

/** What was given on the command line, by the option's name without its dashes. */
export type Options = Readonly<Record<string, string | undefined>>;

/** One thing to measure. Its last line is `NAME: …`. */
export type Workload = {
  /** The options it takes as the usage shows them, `[--grants 1000]`: each has a value. Any other is refused. */
  usage: string;
  run: (options: Options, say: Say) => Promise<void>;
};

/** What was asked for cannot be run: the usage says what can. */
export class UsageError extends Error {}

/** The options of a workload as given; throws `UsageError` for one that its usage line does not name. */
export function readOptions(usage: string, args: string[]): Options {
  const names = [...usage.matchAll(/--([a-z-]+)/g)].flatMap(([, name]) => name ?? []);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}

/** A whole number from 1 up to 999,999; throws `UsageError` for anything else. */
export function numberOf(options: Options, name: string, otherwise: number): number {
  const text = options[name];
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${name} is a whole number from 1 to 999999.`);
  return Number(text);
}

/** The store of `--store`, or both; throws `UsageError` for another name. */
export function storesOf({ store }: Options): readonly StoreName[] {
  const stores = STORES.filter((name) => store === undefined || store === name);
  if (stores.length === 0) throw new UsageError(`--store is ${STORES.join(' or ')}.`);
  return stores;
}
