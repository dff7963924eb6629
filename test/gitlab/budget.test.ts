import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PRIORITIES } from '../../src/gitlab/budget/turns.ts';
import type { CallPriority } from '../../src/gitlab/index.ts';
import { settled } from './budget/fake-time.ts';
import { GRAPHQL, PROJECT, answer, budgetRig, refusedAll, refusedRoute, removal } from './budget/rig.ts';

const OK = answer(200);
const one = { start: 2, floor: 2, ceiling: 2 };

describe('the queue of a budget', () => {
  it('lets revokes go before grants, grants before queries, and queries before extraction', async () => {
    const { ask, open, sent } = budgetRig({ slots: one });
    const first = [ask('query'), ask('revoke')];
    await settled();
    const later = [...PRIORITIES].reverse().map((priority) => ask(priority));
    while (open.length > 0) {
      open[0]?.end(OK);
      await settled();
    }
    await Promise.all([...first, ...later]);
    expect(sent.slice(2).map(({ priority }) => priority)).toEqual(['revoke', 'grant', 'query', 'extraction']);
  });

  it('keeps slots for revokes that nobody else can take, and one more for grants that queries cannot', async () => {
    const { ask, open } = budgetRig();
    const all = [...Array<CallPriority>(12).fill('query'), 'grant', 'grant', 'revoke', 'revoke'] as CallPriority[];
    for (const priority of all) void ask(priority);
    await settled();
    const started = open.map(({ priority }) => priority);
    expect(started).toEqual([...Array<CallPriority>(5).fill('query'), 'grant', 'revoke', 'revoke']);
  });

  it('gives a slot back after a failure', async () => {
    const { budget, time, ask } = budgetRig({ slots: one });
    const limit = { kind: 'x', name: 'x', calls: null, intervalMs: 1 };
    const asked = { priority: 'query' as const, limit, untilMs: time.nowMs() + 1_000 };
    await expect(budget.run(asked, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const next = ask('query');
    await settled();
    expect(budget.standing()).toMatchObject({ inFlight: 1, waiting: { query: 0 } });
    void next;
  });

  it('refuses a call that did not have its turn in time, and sends nothing of it', async () => {
    const { ask, time, sent, budget } = budgetRig({ slots: one });
    void ask('query');
    await settled();
    const late = ask('query', GRAPHQL, 25_000);
    await time.advance(25_001);
    expect(await late).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterMs: 1_000 } });
    expect(sent).toHaveLength(1);
    expect(budget.standing().waiting.query).toBe(0);
  });

  it('refuses all that waits when its client is closed', async () => {
    const { ask, budget } = budgetRig({ slots: one });
    void ask('query');
    const waiting = ask('query');
    await settled();
    await budget.close();
    expect(await waiting).toMatchObject({ code: 'UNREACHABLE' });
    expect(await ask('revoke')).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('starves nobody, whatever comes: what waits is sent within so many others, revokes give way seldom', async () => {
    const priority = fc.constantFrom<CallPriority>('revoke', 'grant', 'query', 'extraction');
    await fc.assert(
      fc.asyncProperty(
        fc.array(priority, { minLength: 30, maxLength: 120 }),
        fc.integer({ min: 2, max: 9 }),
        async (asked, slots) => {
          const { ask, open, sent, budget } = budgetRig({ slots: { start: slots, floor: slots, ceiling: slots } });
          const waitedFor: Record<CallPriority, number> = { revoke: 0, grant: 0, query: 0, extraction: 0 };
          const sinceOthers: CallPriority[] = [];
          // A flood of revokes keeps waiting, with others between.
          for (const asks of asked) {
            void ask('revoke');
            void ask(asks);
            await settled();
          }
          let seen = sent.length;
          while (open.length > 0) {
            const waited = budget.standing().waiting;
            open[0]?.end(OK);
            await settled();
            for (const { priority: began } of sent.slice(seen)) {
              for (const other of PRIORITIES)
                waitedFor[other] = other === began || waited[other] === 0 ? 0 : waitedFor[other] + 1;
              if (waited.revoke > 0) sinceOthers.push(began);
            }
            seen = sent.length;
            for (const other of PRIORITIES) expect(waitedFor[other]).toBeLessThanOrEqual(24);
          }
          expect(sent).toHaveLength(asked.length * 2);
          const others = sinceOthers.filter((began) => began !== 'revoke').length;
          expect(others).toBeLessThanOrEqual(3 + sinceOthers.length * (1 / 4 + 1 / 8 + 1 / 16));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('how many calls a budget allows at once', () => {
  const fill = async (rig: ReturnType<typeof budgetRig>, calls: number): Promise<void> => {
    for (let call = 0; call < calls; call += 1) void rig.ask('revoke');
    await settled();
  };

  it('grows while GitLab answers as fast as ever', async () => {
    const rig = budgetRig();
    await fill(rig, 600);
    while (rig.open.length > 0) {
      await rig.time.advance(20);
      for (const call of [...rig.open]) call.end(OK);
      await settled();
    }
    expect(rig.budget.standing().limit).toBeGreaterThan(16);
    expect(rig.budget.standing().limit).toBeLessThanOrEqual(32);
  });

  it('does not grow while answers become slower', async () => {
    const rig = budgetRig();
    await fill(rig, 300);
    for (let round = 1; rig.open.length > 0; round += 1) {
      await rig.time.advance(20 * round);
      for (const call of [...rig.open]) call.end(OK);
      await settled();
    }
    expect(rig.budget.standing().limit).toBeLessThan(16);
  });

  it('halves once for a burst of failures, down to the least, and grows again', async () => {
    const rig = budgetRig();
    await fill(rig, 200);
    const limits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await rig.time.advance(20);
      for (const call of [...rig.open]) call.end(answer(502));
      await settled();
      limits.push(rig.budget.standing().limit);
    }
    expect(limits).toEqual([4, 2, 2]);
    while (rig.open.length > 0) {
      await rig.time.advance(20);
      for (const call of [...rig.open]) call.end(OK);
      await settled();
    }
    expect(rig.budget.standing().limit).toBeGreaterThan(4);
  });
});

describe('a refusal of everything', () => {
  it('makes all wait until it opens, then begins with few, and no wave comes', async () => {
    const rig = budgetRig();
    for (let call = 0; call < 40; call += 1) void rig.ask('query');
    await settled();
    await rig.time.advance(20);
    for (const call of [...rig.open]) call.end(refusedAll(5));
    await rig.time.advance(4_900);
    expect(rig.sent).toHaveLength(5);
    expect(rig.budget.standing().shut).toEqual([{ kind: 'all', forMs: 100 }]);
    await rig.time.advance(200);
    // One slot of the least two is for revokes.
    expect(rig.open).toHaveLength(1);
    let most = 1;
    while (rig.open.length > 0) {
      await rig.time.advance(20);
      const before = rig.open.length;
      for (const call of [...rig.open]) call.end(OK);
      await settled();
      expect(rig.open.length).toBeLessThanOrEqual(2 * before + 1);
      most = Math.max(most, rig.open.length);
    }
    expect(most).toBeGreaterThan(3);
    expect(rig.sent).toHaveLength(40);
  });

  it('that lasts longer than a call may wait is told at once to who waits and who comes', async () => {
    const rig = budgetRig();
    const waiting = Array.from({ length: 9 }, () => rig.ask('query'));
    await settled();
    rig.open[0]?.end(refusedAll(60));
    await settled();
    for (const late of waiting.slice(6)) expect(await late).toMatchObject({ details: { retryAfterMs: 60_000 } });
    expect(await rig.ask('query')).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterMs: 60_000 } });
    expect(rig.budget.waitMs({ kind: 'x', name: 'x', calls: null, intervalMs: 1 }, 'revoke')).toBe(60_000);
  });

  it('that says no time is tried again after pauses that grow', async () => {
    const rig = budgetRig({ reply: () => answer(429, { 'content-type': 'text/plain' }) });
    for (const waitMs of [1_000, 2_000, 4_000]) {
      expect(await rig.ask('query')).toMatchObject({ status: 429 });
      expect(rig.budget.standing().shut).toEqual([{ kind: 'all', forMs: waitMs }]);
      await rig.time.advance(waitMs);
    }
  });
});

describe('GitLab’s general throttle', () => {
  const left = (remaining: number, clockAheadMs = 0): Record<string, string> => ({
    'ratelimit-limit': '100',
    'ratelimit-observed': String(100 - remaining),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String((budgetRig().time.nowMs() + clockAheadMs + 20_000) / 1_000),
  });

  it('leaves its last calls to those that go first', async () => {
    const rig = budgetRig();
    const begun = rig.ask('query');
    await settled();
    rig.open[0]?.end(answer(200, left(15)));
    await begun;
    for (const priority of PRIORITIES) void rig.ask(priority);
    await settled();
    expect(rig.open.map(({ priority }) => priority)).toEqual(['revoke', 'grant']);
    await rig.time.advance(20_000);
    expect(rig.open).toHaveLength(4);
  });

  it('opens by GitLab’s clock', async () => {
    const rig = budgetRig();
    const begun = rig.ask('query');
    await settled();
    const date = new Date(rig.time.nowMs() + 60_000);
    rig.open[0]?.end({ ...answer(200, left(0, 60_000)), date });
    await begun;
    void rig.ask('revoke');
    await rig.time.advance(19_000);
    expect(rig.open).toHaveLength(0);
    await rig.time.advance(1_000);
    expect(rig.open).toHaveLength(1);
  });

  it('is not overdrawn by calls that are under way', async () => {
    const rig = budgetRig({ slots: { start: 16, floor: 2, ceiling: 16 } });
    for (let call = 0; call < 8; call += 1) void rig.ask('revoke');
    await settled();
    rig.open[0]?.end(answer(200, { ...left(9), 'ratelimit-observed': '' }));
    await settled();
    for (let call = 0; call < 8; call += 1) void rig.ask('revoke');
    await settled();
    // Seven are under way, so that two are left of nine.
    expect(rig.sent).toHaveLength(10);
  });
});

describe('GitLab’s limit of one route', () => {
  it('holds back what is over it until its window turns, and nothing else', async () => {
    const rig = budgetRig({ reply: () => OK });
    let sent = 0;
    rig.sent.push = (...calls) => (sent += calls.length);
    const asks = Array.from({ length: 400 }, () => rig.ask('revoke', PROJECT, 100_000));
    await Promise.all(asks);
    expect(sent).toBe(400);
    void rig.ask('query', GRAPHQL);
    await settled();
    expect(sent).toBe(401);
  });

  it('is learned from a refusal: what waits is sent when the window turns, one first, and stays within it from then on', async () => {
    const accepted = { window: 0, calls: 0 };
    const refusals: number[] = [];
    const rig: ReturnType<typeof budgetRig> = budgetRig({
      startMs: budgetRig().time.nowMs() + 30_000,
      reply: () => {
        const window = Math.floor(rig.time.nowMs() / 60_000);
        if (accepted.window !== window) Object.assign(accepted, { window, calls: 0 });
        accepted.calls += 1;
        if (accepted.calls <= 60) return OK;
        refusals.push(rig.time.nowMs());
        return refusedRoute(60);
      },
    });
    const answers = Array.from({ length: 200 }, () => rig.ask('revoke', removal(1), 600_000));
    await rig.time.advance(300_000);
    const refused = (await Promise.all(answers)).filter((said) => 'status' in said && said.status === 429);
    // The first over sixty finds out; later windows are known.
    expect(refused).toHaveLength(1);
    expect(refusals).toHaveLength(1);
    expect(rig.sent).toHaveLength(200);
  });

  it('that is not there, or higher, is found out without a refusal', async () => {
    const rig = budgetRig({ reply: () => OK });
    await Promise.all(Array.from({ length: 500 }, () => rig.ask('revoke', removal(1), 10_000)));
    expect(rig.sent).toHaveLength(500);
  });

  it('counts removals of each group and project apart', async () => {
    const rig = budgetRig({ reply: ({ path }) => (path.includes('/groups/1/') ? refusedRoute(60) : OK) });
    expect(await rig.ask('revoke', removal(1))).toMatchObject({ status: 429 });
    expect(await rig.ask('revoke', removal(1), 5_000)).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await rig.ask('revoke', removal(2), 5_000)).toMatchObject({ status: 200 });
    expect(rig.budget.standing().shut).toMatchObject([{ kind: 'members_delete' }]);
  });

  it('closes its own route only, though the refusal carries what the general throttle tells', async () => {
    const general = { 'ratelimit-name': 'throttle_authenticated_api', 'ratelimit-remaining': '2000' };
    const refusal = refusedRoute(60);
    const told = { ...refusal, headers: { ...refusal.headers, ...general } };
    const rig = budgetRig({ reply: ({ path }) => (path.includes('/groups/1/') ? told : OK) });
    expect(await rig.ask('revoke', removal(1))).toMatchObject({ status: 429 });
    expect(await rig.ask('revoke', removal(2), 5_000)).toMatchObject({ status: 200 });
    expect(await rig.ask('query', GRAPHQL, 5_000)).toMatchObject({ status: 200 });
  });

  it('is not learned from a refusal that asks for less than its window: that is of another limit, and passes as it says', async () => {
    const rig = budgetRig({
      startMs: budgetRig().time.nowMs() + 10_000,
      reply: () => (rig.sent.length === 21 ? refusedRoute(2) : OK),
    });
    await Promise.all(Array.from({ length: 21 }, () => rig.ask('query', GRAPHQL, 10_000)));
    const more = Promise.all(Array.from({ length: 60 }, () => rig.ask('query', GRAPHQL, 10_000)));
    await rig.time.advance(5_000);
    await more;
    expect(rig.sent).toHaveLength(81);
    expect(rig.budget.standing().shut).toEqual([]);
  });

  it('refused again just after it opened, waits as long as it is told', async () => {
    const rig = budgetRig({ startMs: budgetRig().time.nowMs() + 50_000, reply: () => refusedRoute(60) });
    await rig.ask('revoke', removal(1));
    expect(rig.budget.standing().shut).toMatchObject([{ forMs: 10_250 }]);
    await rig.time.advance(10_250);
    await rig.ask('revoke', removal(1));
    expect(rig.budget.standing().shut).toMatchObject([{ forMs: 60_000 }]);
  });

  it('once known, leaves a part of its window to revokes', async () => {
    const rig = budgetRig({ reply: () => (rig.sent.length < 400 ? OK : refusedRoute(60)) });
    const asks = Array.from({ length: 401 }, () => rig.ask('revoke', PROJECT, 10_000));
    await Promise.all(asks);
    await rig.time.advance(60_250);
    rig.sent.length = 0;
    void Promise.all(Array.from({ length: 400 }, () => rig.ask('extraction', PROJECT, 10_000)));
    await rig.time.advance(9_000);
    expect(rig.sent).toHaveLength(240);
    expect(await rig.ask('revoke', PROJECT)).toMatchObject({ status: 200 });
  });
});
