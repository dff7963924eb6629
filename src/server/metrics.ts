import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { BudgetStanding, GitLabCallEvent } from '../gitlab/index.ts';
import type { GrantEvent } from '../grants/events.ts';
import { toGlobalId } from '../resolvers/global-id.ts';
import { addBudgetMetrics } from './budget-metrics.ts';
import type { HookOutcome } from './hooks.ts';

/** Answers of GitLab take from milliseconds to the 38 seconds after which nobody waits any more. */
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 40];
/** Ends are proven within two seconds while all is well; hours late is a long outage. */
const LATE_SECONDS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 43_200];
const RUN_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 45];

/** What the parts of the gateway tell as it happens. Counted since the start of this process. */
export type MetricsListeners = {
  gitlabCall: (event: GitLabCallEvent) => void;
  grantEvent: (event: GrantEvent) => void;
  jobsError: () => void;
  hook: (outcome: HookOutcome) => void;
};

export type Metrics = MetricsListeners & { registry: Registry };

/**
 * The counters of this process, in a registry of their own. What is read from the store at each scrape is in
 * `standing-metrics.ts`.
 */
export function createMetrics(budgets: () => readonly BudgetStanding[] = () => []): Metrics {
  const registry = new Registry();
  addBudgetMetrics(registry, budgets);
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Histogram({
    name: 'gatehouse_gitlab_call_duration_seconds',
    help: 'Calls to GitLab, by connection (its global id), kind and outcome.',
    labelNames: ['connection', 'kind', 'outcome'],
    buckets: CALL_SECONDS,
    registers,
  });
  const late = new Histogram({
    name: 'gatehouse_expiry_verified_seconds',
    help: 'From the due time of a grant whose time was up to the read of GitLab that proved its end.',
    buckets: LATE_SECONDS,
    registers,
  });
  const runs = new Histogram({
    name: 'gatehouse_reconcile_duration_seconds',
    help: 'Runs of the reconciler over one key, by outcome; busy: another one worked on the key.',
    labelNames: ['outcome'],
    buckets: RUN_SECONDS,
    registers,
  });
  const alerts = new Counter({
    name: 'gatehouse_alerts_total',
    help: 'Things that a person should look at, by kind.',
    labelNames: ['code'],
    registers,
  });
  const jobErrors = new Counter({
    name: 'gatehouse_job_errors_total',
    help: 'Errors of the job queue, of sweeps and of looks at a key; each is in the log.',
    registers,
  });
  const hooks = new Counter({
    name: 'gatehouse_hooks_total',
    help: 'Hooks received, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    registry,
    gitlabCall(event) {
      const connection = event.connectionId === null ? 'unsaved' : toGlobalId('Connection', event.connectionId);
      calls.observe({ connection, kind: kindOf(event), outcome: outcomeOf(event) }, event.durationMs / 1000);
    },
    grantEvent(event) {
      if (event.kind === 'alert') alerts.inc({ code: event.code });
      else if (event.kind === 'reconciled') runs.observe({ outcome: event.outcome }, event.durationMs / 1000);
      else late.observe(event.lateMs / 1000);
    },
    jobsError() {
      jobErrors.inc();
    },
    hook(outcome) {
      hooks.inc({ outcome });
    },
  };
}

function kindOf({ method, path }: GitLabCallEvent): 'graphql' | 'read' | 'write' {
  if (path.endsWith('/api/graphql')) return 'graphql';
  return method === 'GET' ? 'read' : 'write';
}

function outcomeOf({ status }: GitLabCallEvent): 'ok' | 'refused' | 'rate_limited' | 'broken' | 'no_answer' {
  if (status === null) return 'no_answer';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'broken';
  return status >= 400 ? 'refused' : 'ok';
}
