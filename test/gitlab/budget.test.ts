import { describe, expect, it } from '@jest/globals';
import { createBudget } from '../../src/gitlab/budget.ts';
import type { CallPriority } from '../../src/gitlab/index.ts';

const NOW = new Date(1_000_000);

function make(slots: number, reservedForRevoke: number, slept: number[] = []): ReturnType<typeof createBudget> {
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms);
    return Promise.resolve();
  };
  return createBudget({ slots, reservedForRevoke, longestWaitMs: 5_000, sleep, now: () => NOW });
}

function gate(): { open: () => void; wait: Promise<void> } {
  let open = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, wait };
}

describe('budget', () => {
  it('lets revokes go before grants, and grants before queries', async () => {
    const budget = make(1, 0);
    const order: string[] = [];
    const first = gate();
    const running = budget.run('query', async () => first.wait);
    const later = (['query', 'grant', 'revoke'] as CallPriority[]).map(async (priority) =>
      budget.run(priority, async () => {
        order.push(priority);
        return Promise.resolve();
      }),
    );
    first.open();
    await Promise.all([running, ...later]);
    expect(order).toEqual(['revoke', 'grant', 'query']);
  });

  it('keeps slots for revokes that queries cannot take', async () => {
    const budget = make(3, 1);
    const hold = gate();
    const started: string[] = [];
    const call = (name: string, priority: CallPriority): Promise<void> =>
      budget.run(priority, async () => {
        started.push(name);
        await hold.wait;
      });
    const all = [call('q1', 'query'), call('q2', 'grant'), call('q3', 'query'), call('r1', 'revoke')];
    await new Promise(setImmediate);
    expect(started).toEqual(['q1', 'q2', 'r1']);
    hold.open();
    await Promise.all(all);
    expect(started).toEqual(['q1', 'q2', 'r1', 'q3']);
  });

  it('gives a slot back after a failure', async () => {
    const budget = make(1, 0);
    await expect(budget.run('query', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(budget.run('query', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('waits for a throttle that opens soon, by GitLab’s clock', async () => {
    const slept: number[] = [];
    const budget = make(1, 0, slept);
    budget.observe({ limit: 60, remaining: 0, resetAt: new Date(NOW.getTime() + 62_000) }, 60_000);
    await budget.run('query', () => Promise.resolve());
    expect(slept).toEqual([2_000]);
    budget.observe({ limit: 60, remaining: 59, resetAt: new Date(NOW.getTime() + 62_000) }, 60_000);
    await budget.run('query', () => Promise.resolve());
    expect(slept).toEqual([2_000]);
  });
});
