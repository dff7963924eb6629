import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { BudgetStanding } from '../../src/gitlab/index.ts';
import { addBudgetMetrics } from '../../src/server/budget-metrics.ts';

it('/metrics shows how calls to each GitLab stand at the moment of the scrape, and nothing of one that is gone', async () => {
  const standing: BudgetStanding = {
    connectionId: '1',
    inFlight: 3,
    limit: 8,
    waiting: { revoke: 0, grant: 1, query: 40, extraction: 7 },
    shut: [{ kind: 'members_delete', forMs: 12_500 }],
  };
  let standings = [standing];
  const registry = new Registry();
  addBudgetMetrics(registry, () => standings);
  const text = await registry.metrics();
  const ours = 'connection="Q29ubmVjdGlvbjox"';
  for (const line of [
    `gatehouse_gitlab_calls_in_flight{${ours}} 3`,
    `gatehouse_gitlab_calls_limit{${ours}} 8`,
    `gatehouse_gitlab_calls_waiting{${ours},priority="query"} 40`,
    `gatehouse_gitlab_calls_shut_seconds{${ours},limit="members_delete"} 12.5`,
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  standings = [];
  expect(await registry.metrics()).not.toContain(ours);
});
