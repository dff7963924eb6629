import type { Hooks } from '../hooks/deliveries.ts';
import type { SeedTokens, World } from '../model/index.ts';
import type { CallLog } from './calls.ts';
import type { Faults } from './faults.ts';
import type { StateEdit } from './edits.ts';

/** What the control API and tests in the same process turn. */
export interface Controls {
  readonly world: World;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly hooks: Hooks;
  latencyMs(): number;
  setLatency(ms: number): void;
  edit(edit: StateEdit): Record<string, unknown>;
  /** Back to the seed: world, settings, clock, faults, calls, hooks, limits and latency. */
  reset(): { tokens: SeedTokens };
}
