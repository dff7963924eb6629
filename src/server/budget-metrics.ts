import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { BudgetStanding } from '../gitlab/index.ts';
import { toGlobalId } from '../resolvers/global-id.ts';

type Sample = { labels: Record<string, string>; value: number };

/**
 * How the calls of this process to each GitLab stand at the moment of a scrape: what is in flight, how much may be, who waits, and
 * what GitLab refuses for now. A connection that nobody uses shows nothing.
 */
export function addBudgetMetrics(registry: Registry, budgets: () => readonly BudgetStanding[]): void {
  const show = (
    name: string,
    help: string,
    labels: string[],
    samples: (standing: BudgetStanding) => Sample[],
  ): void => {
    new Gauge({
      name: `gatehouse_gitlab_calls_${name}`,
      help,
      labelNames: ['connection', ...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const standing of budgets()) {
          const connection = toGlobalId('Connection', standing.connectionId ?? '');
          for (const sample of samples(standing)) this.set({ connection, ...sample.labels }, sample.value);
        }
      },
    });
  };
  show('in_flight', 'Calls to GitLab that are under way.', [], ({ inFlight }) => [{ labels: {}, value: inFlight }]);
  show('limit', 'How many calls may be under way now: more while GitLab keeps up.', [], ({ limit }) => [
    { labels: {}, value: limit },
  ]);
  show('waiting', 'Calls that wait for their turn, by priority.', ['priority'], ({ waiting }) =>
    Object.entries(waiting).map(([priority, value]) => ({ labels: { priority }, value })),
  );
  show(
    'shut_seconds',
    'For how long GitLab refuses calls of this limit from now on; "all" is everything.',
    ['limit'],
    ({ shut }) => shut.map(({ kind, forMs }) => ({ labels: { limit: kind }, value: forMs / 1000 })),
  );
}
