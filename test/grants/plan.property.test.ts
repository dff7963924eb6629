import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareRoles } from '../../src/grants/levels.ts';
import { sameRow, toSnapshot } from '../../src/grants/plan/interpret.ts';
import { plan } from '../../src/grants/plan/plan.ts';
import type { Base, Intent, Ours, PlanGrant, Row, Step } from '../../src/grants/plan/types.ts';
import { DEFAULT_GRANT_SETTINGS } from '../../src/grants/settings.ts';

const GATEWAY = '900';
const START = new Date('2026-03-10T12:00:00Z');
const HOUR_MS = 3_600_000;

/** One key, as the reconciler drives it: plan, write to a row that obeys at once, read back. */
type World = {
  row: Row | null;
  base: Base | null;
  ours: Ours | null;
  intent: Intent | null;
  grants: PlanGrant[];
  now: Date;
};

function obey(world: World, step: Step): void {
  if (step.do === 'add') {
    world.row = { ...step.row, createdAt: world.now.toISOString(), createdById: GATEWAY, state: 'active' };
  } else if (step.do === 'remove') world.row = null;
  else if (step.do === 'change' && world.row !== null) {
    const { role, expiresAt } = step;
    world.row = { ...world.row, ...role, expiresAt: expiresAt === undefined ? world.row.expiresAt : expiresAt };
  }
}

/** Plans and obeys until nothing is left to do; returns how many writes that took. `crash`: stop after the first write. */
function reconcile(world: World, crash = false): number {
  for (let writes = 0; writes < 6; writes += 1) {
    const decision = plan({
      sourceKind: 'project',
      base: world.base,
      ours: world.ours,
      intent: world.intent,
      late: [],
      approvable: [],
      grants: world.grants,
      revoking: false,
      actual: world.row,
      inherited: { all: null, others: null },
      gatewayUserIds: [GATEWAY],
      settings: DEFAULT_GRANT_SETTINGS,
      now: world.now,
    });
    world.base = decision.base;
    world.ours = decision.ours;
    const { step } = decision;
    if (step.do !== 'add' && step.do !== 'change' && step.do !== 'remove') {
      world.intent = null;
      world.grants = world.grants
        .filter((grant) => grant.status !== 'ENDING')
        .map((grant) => ({ ...grant, status: 'ACTIVE', effect: decision.effects.get(grant.id)?.effect ?? null }));
      if (world.grants.length === 0) Object.assign(world, { base: null, ours: null });
      return writes;
    }
    const before = world.row === null ? 'absent' : toSnapshot(world.row);
    const date = world.row?.expiresAt ?? null;
    const want =
      step.do === 'remove'
        ? 'absent'
        : step.do === 'add'
          ? step.row
          : { ...step.role, expiresAt: step.expiresAt === undefined ? date : step.expiresAt };
    world.intent = { at: world.now, before, want };
    obey(world, step);
    if (crash) return writes + 1;
  }
  throw new Error('The key does not settle.');
}

const level = fc.constantFrom(5, 10, 15, 20, 30, 40, 50);
const grantable = fc.constantFrom(10, 20, 30, 40, 50);
const customRole = fc.constantFrom(null, null, '3', '4');
const baseRow: fc.Arbitrary<Row | null> = fc.option(
  fc.record({
    accessLevel: level,
    memberRoleId: customRole,
    expiresAt: fc.constantFrom(null, '2026-12-31'),
    createdAt: fc.constant('2025-01-01T00:00:00Z'),
    createdById: fc.constantFrom(null, '7', GATEWAY),
    state: fc.constant('active' as const),
  }),
  { nil: null },
);
type Action = { do: 'grant'; level: number; hours: number } | { do: 'end' } | { do: 'wait' } | { do: 'crash' };
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('grant' as const), level: grantable, hours: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ do: fc.constant('end' as const) }),
  fc.record({ do: fc.constant('wait' as const) }),
  fc.record({ do: fc.constant('crash' as const) }),
);

function act(world: World, step: Action, nextId: number): void {
  if (step.do === 'grant') {
    world.grants.push({
      id: String(nextId),
      role: { accessLevel: step.level, memberRoleId: null },
      status: 'ACTIVATING',
      dueAt: new Date(world.now.getTime() + step.hours * HOUR_MS),
      effect: null,
      satisfiedByOurs: false,
    });
  } else if (step.do === 'end') {
    const first = world.grants.find((grant) => grant.status !== 'ENDING');
    if (first !== undefined) first.status = 'ENDING';
  } else if (step.do === 'wait') world.now = new Date(world.now.getTime() + 20 * 60_000);
}

const newWorld = (row: Row | null): World => ({ row, base: null, ours: null, intent: null, grants: [], now: START });

describe('plan, over any history of grants, ends and crashes in which nobody else interferes', () => {
  it('invariant 2: when the last grant has ended the row equals what was there before, field by field', () => {
    fc.assert(
      fc.property(baseRow, fc.array(action, { maxLength: 14 }), (before, actions) => {
        const world = newWorld(before);
        actions.forEach((step, index) => {
          act(world, step, index + 1);
          reconcile(world, step.do === 'crash');
        });
        for (const grant of world.grants) grant.status = 'ENDING';
        reconcile(world);
        if (before === null) expect(world.row).toBeNull();
        else expect(world.row).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('invariant 3: once settled the row is the base raised by the highest grant, and no higher', () => {
    fc.assert(
      fc.property(baseRow, fc.array(action, { minLength: 1, maxLength: 10 }), (before, actions) => {
        const world = newWorld(before);
        actions.forEach((step, index) => {
          act(world, step, index + 1);
          reconcile(world);
          const roles = [...world.grants.map((grant) => grant.role), ...(before === null ? [] : [before])];
          const top = roles.reduce<(typeof roles)[number] | null>(
            (high, role) => (high === null || compareRoles(role, high) > 0 ? role : high),
            null,
          );
          expect(world.row?.accessLevel).toBe(top?.accessLevel);
          if (before === null && world.row !== null) expect(world.row.expiresAt).not.toBeNull();
        });
      }),
      { numRuns: 300 },
    );
  });

  it('settles within two writes, and asked again it does nothing (S2)', () => {
    fc.assert(
      fc.property(baseRow, fc.array(action, { minLength: 1, maxLength: 10 }), (before, actions) => {
        const world = newWorld(before);
        actions.forEach((step, index) => {
          act(world, step, index + 1);
          expect(reconcile(world)).toBeLessThanOrEqual(2);
          const left = world.row;
          expect(reconcile(world)).toBe(0);
          if (left !== null && world.row !== null) expect(sameRow(left, world.row)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });
});
