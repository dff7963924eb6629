import type { BenchGateway } from './gateway.ts';
import type { Say } from './workload.ts';
import type { Refusing } from './weather.ts';

/** A call as GitLab noted it; status 0: it was cut. */
export type CallSeen = { at: string; status: number };

/** What one gateway called so far, by its own count. */
export type OwnCalls = { all: number; refused: number };

const COUNT = /^gatehouse_gitlab_call_duration_seconds_count\{(.*)\} (\d+)$/gm;

export async function callsOf(gateways: readonly BenchGateway[]): Promise<OwnCalls[]> {
  return Promise.all(
    gateways.map(async (gateway) => {
      const counted = { all: 0, refused: 0 };
      for (const [, labels = '', count] of (await gateway.metrics()).matchAll(COUNT)) {
        counted.all += Number(count);
        if (labels.includes('outcome="rate_limited"')) counted.refused += Number(count);
      }
      return counted;
    }),
  );
}

/** What GitLab saw: what it refused or broke was tried again, sooner or later. */
export function tellCalls(calls: readonly CallSeen[], say: Say): void {
  const refused = calls.filter(({ status }) => status === 429).length;
  const broken = calls.filter(({ status }) => status === 0 || status >= 500).length;
  const parts = [
    `${String(calls.length)} calls`,
    `${String(refused)} refused (429)`,
    `${String(broken)} broken (5xx, cut)`,
  ];
  say(`storm: ${parts.join(', ')}; ${String(refused + broken)} retries`);
}

/** What each gateway called between the two counts. */
export function tellEach(before: readonly OwnCalls[], after: readonly OwnCalls[], say: Say): void {
  for (const [index, now] of after.entries()) {
    const { all, refused } = before[index] ?? { all: 0, refused: 0 };
    say(
      `storm: gateway ${String(index + 1)}: ${String(now.all - all)} calls, ${String(now.refused - refused)} refused`,
    );
  }
}

const MS_BEFORE_OPEN = 100;

/**
 * How often GitLab had to refuse each time, and how long it took until every gateway obeyed: those calls that were on their way
 * together are refused together, later ones by a gateway that did not know.
 */
export function tellRefusals(calls: readonly CallSeen[], refusing: readonly Refusing[], say: Say): void {
  for (const { says, fromMs, toMs, seconds } of refusing) {
    const atMs = calls
      .filter(({ status }) => status === 429)
      .map(({ at }) => Date.parse(at))
      .filter((ms) => ms >= fromMs && ms <= toMs + MS_BEFORE_OPEN)
      .sort((a, b) => a - b);
    const [first, last] = [atMs[0] ?? fromMs, atMs.at(-1) ?? fromMs];
    say(
      `storm: ${says}, told to wait ${seconds.toFixed(0)} s: refused ${String(atMs.length)}, the last ${String(last - first)} ms after the first`,
    );
  }
}
