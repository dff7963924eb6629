import { GAPS } from './gaps.ts';
import type { Outcome } from './phase.ts';

const KILLS_A_MINUTE = 10;
const MOST_SHOWN = 20;

function list(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'none';
  return [...counts].map(([what, count]) => `${what} ${String(count)}`).join(', ');
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);

/** What one store went through, in lines. */
export function tell(outcome: Outcome): string[] {
  const { store, minutes, kills, faults, asked, counters, standing, planted, differences } = outcome;
  const gaps = GAPS.map((gap) => `${gap} ${String(kills.perGap.get(gap) ?? 0)}`).join(', ');
  return [
    `${store}: ${minutes.toFixed(1)} minutes`,
    `  kills: ${String(kills.count)}, ${String(kills.starting)} of them in a start; between ${gaps}; with a key in hand and no write planned ${String(kills.elsewhere)}`,
    `  faults: ${String(sum(faults.values()))} calls went wrong (${list(faults)})`,
    `  asked: ${String(asked.grants)} grants, ${String(asked.extensions)} extensions, ${String(asked.revokes)} ends, ${String(asked.memberships)} revocations; refused: ${list(asked.refused)}`,
    `  became: ${String(standing.all.totalCount)} grants, ${String(standing.ended.totalCount)} ended, ${String(standing.failed.totalCount)} failed, ${String(standing.revocations.totalCount)} revocations`,
    `  asked again: ${String(counters.cut)} cut, ${String(counters.upstream)} for GitLab's sake, ${String(counters.internal.length)} internal errors, ${String(asked.twice)} with the same key after an answer`,
    ...[...new Set(counters.internal)].map((message) => `    internal error: ${message}`),
    `  gateways logged as errors: ${list(outcome.errors)}`,
    `  quiet after ${(outcome.quietAfterMs / 1000).toFixed(1)} s`,
    ...(planted === null ? [] : [`  planted: ${planted}`]),
    `  differences: ${String(differences.length)}`,
    ...differences.slice(0, MOST_SHOWN).map((difference) => `    ${difference}`),
  ];
}

/** Why the whole run does not count as passed; empty when it does. */
export function verdict(outcomes: readonly Outcome[]): string[] {
  const minutes = sum(outcomes.map((outcome) => outcome.minutes));
  const kills = sum(outcomes.map((outcome) => outcome.kills.count));
  const differences = sum(outcomes.map((outcome) => outcome.differences.length));
  const faults = differences === 0 ? [] : [`${String(differences)} differences`];
  if (sum(outcomes.map(({ standing }) => standing.ended.totalCount)) === 0) faults.push('no grant has ended');
  if (kills < KILLS_A_MINUTE * minutes) {
    faults.push(
      `${String(kills)} kills in ${minutes.toFixed(1)} minutes are fewer than ${String(KILLS_A_MINUTE)} a minute`,
    );
  }
  for (const gap of GAPS) {
    const hit = outcomes.some((outcome) => (outcome.kills.perGap.get(gap) ?? 0) > 0);
    if (!hit) faults.push(`no kill fell between ${gap}`);
  }
  return faults;
}
