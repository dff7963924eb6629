import { z } from 'zod';

/** What can happen to the next deliveries on their way, of one event name or of any. */
export const hookFault = z.strictObject({
  kind: z.enum(['lost', 'duplicated', 'reordered']),
  times: z.number().int().positive().default(1),
  event: z.string().optional(),
});
export type HookFault = z.infer<typeof hookFault>;
/** A fault as tests write it: `times` is 1 when left out. */
export type HookFaultInput = z.input<typeof hookFault>;

export interface HookFaults {
  add(input: HookFaultInput): HookFault;
  /** What happens to one delivery of an event, counted as used. */
  take(event: string): HookFault['kind'] | null;
  list(): HookFault[];
  clear(): void;
}

/** Keeps the faults of hooks, oldest first; `times` counts down. */
export function createHookFaults(): HookFaults {
  let armed: HookFault[] = [];
  return {
    add(input) {
      const fault = hookFault.parse(input);
      armed.push({ ...fault });
      return fault;
    },
    take(event) {
      const found = armed.find((fault) => fault.event === undefined || fault.event === event);
      if (!found) return null;
      found.times -= 1;
      armed = armed.filter((fault) => fault.times > 0);
      return found.kind;
    },
    list: () => armed.map((fault) => ({ ...fault })),
    clear() {
      armed = [];
    },
  };
}
