import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

/** What can be made to go wrong. */
const FAULT_KINDS = [
  'refuse',
  'status',
  '429-app',
  '429-throttle',
  '500',
  '502',
  '503',
  'cut-before',
  'cut-after',
  'delay',
  'queued-202',
  'awaiting-201',
  'error-201',
  'no-effect-204',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A rule: the next `times` calls that fit go wrong. Without method, path or operation it fits every API call. */
export const faultRule = z.strictObject({
  method: z.string().optional(),
  /** The source of a regular expression, tried on the path with its query. */
  path: z.string().refine(isPattern, 'write a regular expression').optional(),
  /** The name of a GraphQL operation. */
  operation: z.string().optional(),
  times: z.number().int().positive().default(1),
  kind: z.enum(FAULT_KINDS),
  status: z.number().int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  delayMs: z.number().nonnegative().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
});
export type FaultRule = z.infer<typeof faultRule>;
/** A rule as tests write it: `times` is 1 when left out. */
export type FaultInput = z.input<typeof faultRule>;

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

interface Armed {
  readonly rule: FaultRule;
  left: number;
}

/** One call as rules see it. */
export interface FaultTarget {
  readonly method: string;
  readonly url: string;
  readonly operation: string | null;
}

export interface Faults {
  add(input: FaultInput): FaultRule;
  /** The first rule that fits, counted as used. */
  take(target: FaultTarget): FaultRule | null;
  list(): (FaultRule & { left: number })[];
  /** Resolves when the time of a delay is over, or when the rules are cleared, whichever comes first. */
  delay(ms: number): Promise<void>;
  clear(): void;
}

/** Keeps the rules, oldest first. */
export function createFaults(): Faults {
  let armed: Armed[] = [];
  let cleared = new AbortController();
  return {
    add(input) {
      const rule = faultRule.parse(input);
      armed.push({ rule, left: rule.times });
      return rule;
    },
    take(target) {
      const found = armed.find(({ rule }) => fits(rule, target));
      if (!found) return null;
      found.left -= 1;
      armed = armed.filter((item) => item.left > 0);
      return found.rule;
    },
    list: () => armed.map(({ rule, left }) => ({ ...rule, left })),
    async delay(ms) {
      const { signal } = cleared;
      try {
        await sleep(ms, undefined, { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    clear() {
      armed = [];
      cleared.abort();
      cleared = new AbortController();
    },
  };
}

function fits(rule: FaultRule, target: FaultTarget): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== target.method) return false;
  if (rule.operation !== undefined && rule.operation !== target.operation) return false;
  return rule.path === undefined || new RegExp(rule.path).test(target.url);
}
