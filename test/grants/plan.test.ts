import { describe, expect, it } from '@jest/globals';
import { approvedAs } from '../../src/grants/plan/interpret.ts';
import { needsInherited, plan } from '../../src/grants/plan/plan.ts';
import type { Inherited, PlanGrant, PlanInput, Row, Snapshot } from '../../src/grants/plan/types.ts';
import { DEFAULT_GRANT_SETTINGS } from '../../src/grants/settings.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const DUE = new Date('2026-03-10T14:00:00Z');
const BACKSTOP = '2026-03-12';
const GATEWAY = '900';

const row = (accessLevel: number, over: Partial<Row> = {}): Row => ({
  accessLevel,
  memberRoleId: null,
  expiresAt: null,
  createdAt: '2026-01-01T00:00:00Z',
  createdById: '1',
  state: 'active',
  ...over,
});
const snapshot = (accessLevel: number, over: Partial<Snapshot> = {}): Snapshot => ({
  accessLevel,
  memberRoleId: null,
  expiresAt: null,
  createdAt: '2026-01-01T00:00:00Z',
  ...over,
});
const grant = (accessLevel: number, over: Partial<PlanGrant> = {}): PlanGrant => ({
  id: '1',
  role: { accessLevel, memberRoleId: null },
  status: 'ACTIVATING',
  dueAt: DUE,
  effect: null,
  satisfiedByOurs: false,
  ...over,
});
const input = (over: Partial<PlanInput>): PlanInput => ({
  sourceKind: 'project',
  base: null,
  ours: null,
  intent: null,
  late: [],
  approvable: [],
  grants: [],
  revoking: false,
  actual: null,
  inherited: { all: null, others: null },
  gatewayUserIds: [GATEWAY],
  settings: DEFAULT_GRANT_SETTINGS,
  now: NOW,
  ...over,
});
const above = (accessLevel: number) => ({ accessLevel, memberRoleId: null, group: { id: '5', fullPath: 'acme' } });
const inherited = (all: number | null, others: number | null = all): Inherited => ({
  all: all === null ? null : above(all),
  others: others === null ? null : above(others),
});
const ours = (accessLevel: number, over: Partial<Snapshot> = {}) => ({
  ...snapshot(accessLevel, over),
  heldDate: null,
});
const active = (accessLevel: number, over: Partial<PlanGrant> = {}) =>
  grant(accessLevel, { status: 'ACTIVE', effect: 'ADDED', ...over });

describe('starting a grant', () => {
  it('S4: a row that we create carries the backstop of the due time', () => {
    const decision = plan(input({ grants: [grant(40)] }));
    expect(decision.base).toBe('absent');
    expect(decision.step).toEqual({ do: 'add', row: { accessLevel: 40, memberRoleId: null, expiresAt: BACKSTOP } });
    expect(decision.effects.get('1')?.effect).toBe('ADDED');
  });

  it('S4: no backstop is set while one of the grants stands until revoked', () => {
    const grants = [grant(30, { dueAt: null }), grant(40, { id: '2' })];
    expect(plan(input({ grants })).step).toMatchObject({ do: 'add', row: { expiresAt: null } });
  });

  it('S6: a lower direct row is raised in place and its date is left alone', () => {
    const actual = row(30, { expiresAt: '2026-12-31' });
    const decision = plan(input({ grants: [grant(40)], actual }));
    expect(decision.base).toEqual(snapshot(30, { expiresAt: '2026-12-31' }));
    expect(decision.step).toEqual({ do: 'change', role: { accessLevel: 40, memberRoleId: null } });
    expect(decision.effects.get('1')?.effect).toBe('RAISED');
  });

  it('S7: an equal or higher direct row means no write and no claim on the row', () => {
    const decision = plan(input({ grants: [grant(30)], actual: row(40) }));
    expect(decision.step).toEqual({ do: 'nothing' });
    expect(decision.ours).toBeNull();
    expect(decision.effects.get('1')?.effect).toBe('ALREADY_SATISFIED');
  });

  it('S8: an equal or higher inherited role means no row, with the ancestor named', () => {
    const decision = plan(input({ grants: [grant(30)], inherited: inherited(40) }));
    expect(decision.step).toEqual({ do: 'nothing' });
    expect(decision.effects.get('1')).toMatchObject({
      effect: 'SATISFIED_BY_INHERITANCE',
      satisfiedBy: { group: { fullPath: 'acme' } },
      satisfiedByOurs: false,
    });
  });

  it('S8: what only a grant of ours above gives is known as such, and the row is added when that ends', () => {
    const first = plan(input({ grants: [grant(30)], inherited: inherited(40, null) }));
    expect(first.effects.get('1')?.satisfiedByOurs).toBe(true);
    const standing = active(30, { effect: 'SATISFIED_BY_INHERITANCE', satisfiedByOurs: true });
    const then = plan(input({ base: 'absent', grants: [standing], inherited: inherited(null) }));
    expect(then.step).toMatchObject({ do: 'add', row: { accessLevel: 30 } });
    expect(then.ends).toEqual([]);
  });

  it('S9: a lower inherited role is left alone and a direct row is added', () => {
    expect(plan(input({ grants: [grant(40)], inherited: inherited(20) })).step).toMatchObject({ do: 'add' });
  });

  it('S1: a row found after a crash is ours only if we made it after the intent', () => {
    const intent = {
      at: NOW,
      before: 'absent' as const,
      want: { accessLevel: 40, memberRoleId: null, expiresAt: BACKSTOP },
    };
    const made = row(40, { expiresAt: BACKSTOP, createdById: GATEWAY, createdAt: '2026-03-10T12:00:01Z' });
    const asOurs = plan(input({ base: 'absent', intent, grants: [grant(40)], actual: made }));
    expect(asOurs.step).toEqual({ do: 'nothing' });
    expect(asOurs.ours).toMatchObject({ accessLevel: 40, expiresAt: BACKSTOP });

    const somebodys = { ...made, createdById: '7' };
    const asBase = plan(input({ base: 'absent', intent, grants: [grant(40)], actual: somebodys }));
    expect(asBase.ours).toBeNull();
    expect(asBase.base).toMatchObject({ accessLevel: 40 });
    const older = { ...made, createdAt: '2026-03-10T11:00:00Z' };
    expect(plan(input({ base: 'absent', intent, grants: [grant(40)], actual: older })).ours).toBeNull();
  });

  it('S9: a row that an access request became is ours though it is older than the intent, if we accepted it', () => {
    const want = { accessLevel: 40, memberRoleId: null, expiresAt: BACKSTOP };
    const intent = { at: NOW, before: 'absent' as const, want, usesRequest: 'yes' as const };
    const made = row(40, { expiresAt: BACKSTOP, createdById: GATEWAY, createdAt: '2026-02-10T12:00:01Z' });
    const of = (actual: typeof made) => plan(input({ base: 'absent', intent, grants: [grant(40)], actual }));
    expect(of(made).ours).toMatchObject({ accessLevel: 40 });
    expect(of({ ...made, createdById: '7' }).ours).toBeNull();
  });

  it('S1: what a late write left is taken back, and only what it left', () => {
    const want = { accessLevel: 40, memberRoleId: null, expiresAt: null };
    const sent = { want, since: NOW, last: NOW, grantId: null, byUserId: GATEWAY };
    const base = snapshot(30);
    const change = input({ base, late: [{ ...sent, adds: false }], actual: row(40) });
    expect(plan(change)).toMatchObject({ base, step: { do: 'change', role: { accessLevel: 30 } } });
    expect(plan(change).notices).toMatchObject([{ code: 'LANDED_LATE' }]);
    expect(plan({ ...change, actual: row(50) })).toMatchObject({ ours: null, step: { do: 'nothing' } });
    const ours = row(40, { createdById: GATEWAY, createdAt: '2026-03-10T12:00:01Z' });
    const add = input({ base: 'absent', late: [{ ...sent, adds: true }], actual: ours });
    expect(plan(add).step).toEqual({ do: 'remove' });
    expect(plan({ ...add, actual: { ...ours, createdById: '7' } }).step).toEqual({ do: 'nothing' });
  });

  it('S1: a row found raised to want is taken as ours', () => {
    const base = snapshot(30);
    const intent = { at: NOW, before: base, want: { accessLevel: 40, memberRoleId: null, expiresAt: null } };
    const decision = plan(input({ base, intent, grants: [grant(40)], actual: row(40) }));
    expect(decision.step).toEqual({ do: 'nothing' });
    expect(decision.ours).toMatchObject({ accessLevel: 40 });
    expect(decision.base).toEqual(base);
  });

  it('S39: a level that is not known is never overwritten', () => {
    expect(plan(input({ grants: [grant(50)], actual: row(45) })).step).toMatchObject({ do: 'blocked' });
  });

  it('S31: an awaiting row is no access, whatever its level', () => {
    for (const accessLevel of [30, 40]) {
      const actual = row(accessLevel, { state: 'awaiting' });
      expect(plan(input({ grants: [grant(40)], actual })).step).toMatchObject({
        do: 'wait',
        problem: 'PENDING_UPSTREAM',
      });
    }
  });
});

describe('ending', () => {
  it('S2: a row that we added is removed, and nothing is left to do once it is gone', () => {
    const ending = active(40, { status: 'ENDING' });
    const there = input({ base: 'absent', ours: ours(40, { expiresAt: BACKSTOP }), grants: [ending] });
    expect(plan({ ...there, actual: row(40, { expiresAt: BACKSTOP }) }).step).toEqual({ do: 'remove' });
    expect(plan(there).step).toEqual({ do: 'nothing' });
  });

  it('S6: a raised row goes back to role, custom role and date, by a change', () => {
    const base = snapshot(30, { memberRoleId: '3', expiresAt: '2026-12-31' });
    const raised = ours(40, { expiresAt: null });
    const decision = plan(
      input({ base, ours: raised, grants: [active(40, { status: 'ENDING', effect: 'RAISED' })], actual: row(40) }),
    );
    expect(decision.step).toEqual({
      do: 'change',
      role: { accessLevel: 30, memberRoleId: '3' },
      expiresAt: '2026-12-31',
    });
  });

  it('S7: the end of a satisfied grant makes no write', () => {
    const ending = active(30, { status: 'ENDING', effect: 'ALREADY_SATISFIED' });
    expect(plan(input({ base: snapshot(40), grants: [ending], actual: row(40) })).step).toEqual({ do: 'nothing' });
  });

  it('S15: access steps down to the next highest grant and reaches base with the last', () => {
    const base = snapshot(20);
    const both = [active(40, { status: 'ENDING', effect: 'RAISED' }), active(30, { id: '2', effect: 'RAISED' })];
    const step = plan(input({ base, ours: ours(40), grants: both, actual: row(40) })).step;
    expect(step).toEqual({ do: 'change', role: { accessLevel: 30, memberRoleId: null } });
    const last = [active(30, { id: '2', effect: 'RAISED', status: 'ENDING' })];
    expect(plan(input({ base, ours: ours(30), grants: last, actual: row(30) })).step).toEqual({
      do: 'change',
      role: { accessLevel: 20, memberRoleId: null },
    });
  });

  it('S30: a base whose own date has passed is not restored but removed', () => {
    const base = snapshot(20, { expiresAt: '2026-03-09' });
    const ending = active(40, { status: 'ENDING', effect: 'RAISED' });
    const standing = row(40, { expiresAt: '2026-03-09' });
    const decision = plan(
      input({ base, ours: ours(40, { expiresAt: '2026-03-09' }), grants: [ending], actual: standing }),
    );
    expect(decision.step).toEqual({ do: 'remove' });
    expect(decision.notices.map((notice) => notice.code)).toContain('BASE_NOT_RESTORED');
  });

  it('S30: a base below what others give above is removed, since GitLab refuses it', () => {
    const ending = active(40, { status: 'ENDING', effect: 'RAISED' });
    const asked = { base: snapshot(20), ours: ours(40), grants: [ending], actual: row(40), inherited: inherited(30) };
    expect(plan(input(asked)).step).toEqual({ do: 'remove' });
  });

  it('S30: a base below what our own grant gives above waits, lowered as far as GitLab allows', () => {
    const ending = active(40, { status: 'ENDING', effect: 'RAISED' });
    const asked = { base: snapshot(20), ours: ours(40), grants: [ending], inherited: inherited(30, null) };
    expect(plan(input({ ...asked, actual: row(40) })).step).toEqual({
      do: 'change',
      role: { accessLevel: 30, memberRoleId: null },
    });
    const lowered = plan(input({ ...asked, ours: ours(30), actual: row(30) }));
    expect(lowered.step).toMatchObject({ do: 'wait', problem: 'SHADOWED' });
    const freed = plan(input({ ...asked, ours: ours(30), actual: row(30), inherited: inherited(null) }));
    expect(freed.step).toEqual({ do: 'change', role: { accessLevel: 20, memberRoleId: null } });
  });

  it('S38: a revocation removes whatever row stands, whoever made it', () => {
    expect(plan(input({ base: 'absent', revoking: true, actual: row(50) })).step).toEqual({ do: 'remove' });
    expect(plan(input({ base: 'absent', revoking: true })).step).toEqual({ do: 'nothing' });
  });
});

describe('S12: changes by others', () => {
  const lowering = { base: 'absent' as const, ours: ours(40, { expiresAt: BACKSTOP }), grants: [active(40)] };

  it('a row of ours that somebody removed ends the grants and stays removed', () => {
    const decision = plan(input(lowering));
    expect(decision.ends).toEqual([{ grantId: '1', reason: 'OUTSIDE_CHANGE' }]);
    expect(decision.step).toEqual({ do: 'nothing' });
    expect(decision.base).toBe('absent');
  });

  it('with OUTSIDE_LOWERING enforce it is put back', () => {
    const settings = { ...DEFAULT_GRANT_SETTINGS, outsideLowering: 'enforce' as const };
    expect(plan(input({ ...lowering, settings })).step).toMatchObject({ do: 'add', row: { accessLevel: 40 } });
  });

  it('a lowering never leaves more than the recorded base', () => {
    const decision = plan(input({ ...lowering, actual: row(30, { expiresAt: BACKSTOP }) }));
    expect(decision.ends).toHaveLength(1);
    expect(decision.base).toBe('absent');
    expect(decision.step).toEqual({ do: 'remove' });
  });

  it('a raise of our row is put back, or adopted as base', () => {
    const raised = { base: snapshot(20), ours: ours(30), grants: [active(30, { effect: 'RAISED' })], actual: row(40) };
    const enforced = plan(input({ ...raised, sourceKind: 'group' }));
    expect(enforced.step).toEqual({ do: 'change', role: { accessLevel: 30, memberRoleId: null } });
    expect(enforced.notices[0]?.code).toBe('RAISED');
    const settings = { ...DEFAULT_GRANT_SETTINGS, outsideRaise: 'respect' as const };
    const respected = plan(input({ ...raised, sourceKind: 'group', settings }));
    expect(respected.step).toEqual({ do: 'nothing' });
    expect(respected.base).toMatchObject({ accessLevel: 40 });
  });

  it('S13: a raise that the grantee could have made is put back whatever the setting', () => {
    const settings = { ...DEFAULT_GRANT_SETTINGS, outsideRaise: 'respect' as const };
    const asked = { base: 'absent' as const, ours: ours(40), grants: [active(40)], actual: row(50), settings };
    const decision = plan(input(asked));
    expect(decision.notices[0]?.code).toBe('TAMPERED');
    expect(decision.step).toMatchObject({ do: 'change', role: { accessLevel: 40 } });
  });

  it('an earlier date on our row is kept', () => {
    const asked = { ...lowering, actual: row(40, { expiresAt: '2026-03-11' }) };
    const decision = plan(input(asked));
    expect(decision.step).toEqual({ do: 'nothing' });
    expect(decision.ours).toMatchObject({ expiresAt: '2026-03-11', heldDate: '2026-03-11' });
  });

  it('S4: a row that is gone on its own date was taken by GitLab and is added again', () => {
    const later = new Date('2026-03-12T01:00:00Z');
    const grants = [active(40, { dueAt: new Date('2026-03-14T00:00:00Z') })];
    const decision = plan(input({ ...lowering, grants, now: later }));
    expect(decision.ends).toEqual([]);
    expect(decision.step).toMatchObject({ do: 'add', row: { accessLevel: 40 } });
  });

  it('S31: a row that an approval made of what GitLab had queued is ours, whoever made it, and goes when nothing asks for it', () => {
    const at = new Date('2026-03-09T12:00:00Z');
    const waits = { want: { accessLevel: 40, memberRoleId: null, expiresAt: BACKSTOP }, adds: true, at };
    const theirs = row(40, { expiresAt: BACKSTOP, createdById: '1' });
    const approved = plan(input({ base: 'absent', approvable: [waits], actual: theirs }));
    expect(approved).toMatchObject({ step: { do: 'remove' }, notices: [{ code: 'APPROVED_LATE' }] });
    const another = plan(input({ base: 'absent', approvable: [waits], actual: row(40, { createdById: '1' }) }));
    expect(another).toMatchObject({ step: { do: 'nothing' }, base: { accessLevel: 40 }, ours: null });
  });

  it('S31: an approved raise that lost the date of the row before is ours, and the date comes back with the role', () => {
    const base = snapshot(10, { expiresAt: '2026-09-01' });
    const want = { accessLevel: 40, memberRoleId: null, expiresAt: '2026-09-01' };
    const intent = { at: NOW, before: base, want };
    const approvable = [{ want, adds: false, at: NOW }];
    const actual = row(40, { expiresAt: null });
    const wanted = plan(input({ base, intent, approvable, actual, grants: [grant(40)] }));
    expect(wanted).toMatchObject({ base, notices: [], step: { do: 'change', expiresAt: '2026-09-01' } });
    const over = plan(input({ base, intent, approvable, actual }));
    expect(over.step).toEqual({ do: 'change', role: { accessLevel: 10, memberRoleId: null }, expiresAt: '2026-09-01' });
    const unasked = plan(input({ base, intent, actual }));
    expect(unasked).toMatchObject({ base: { accessLevel: 40 }, step: { do: 'nothing' } });
  });

  it('a change of a row that is not ours becomes base, and a satisfied grant that it leaves bare ends', () => {
    const satisfied = active(30, { effect: 'ALREADY_SATISFIED' });
    const decision = plan(input({ base: snapshot(40), grants: [satisfied], actual: row(20) }));
    expect(decision.base).toMatchObject({ accessLevel: 20 });
    expect(decision.ends).toEqual([{ grantId: '1', reason: 'OUTSIDE_CHANGE' }]);
    expect(decision.step).toEqual({ do: 'nothing' });
  });
});

describe('what must be read', () => {
  it('the groups above are read only when the decision depends on them', () => {
    const nothingOurs = { base: 'absent' as const, ours: null, intent: null, late: [], revoking: false };
    expect(needsInherited({ ...nothingOurs, grants: [grant(40)] })).toBe(true);
    expect(needsInherited({ ...nothingOurs, ours: ours(40), grants: [active(40)] })).toBe(false);
    const ending = [active(40, { status: 'ENDING' })];
    expect(needsInherited({ ...nothingOurs, ours: ours(40), grants: ending })).toBe(false);
    expect(needsInherited({ ...nothingOurs, base: snapshot(20), ours: ours(40), grants: ending })).toBe(true);
  });
});

describe('S31: a row that an administrator approved', () => {
  const want = { accessLevel: 30, memberRoleId: null, expiresAt: '2026-12-28' };
  it.each([
    ['dated as it was asked for', { ...want }, true],
    ['dated as another try around midnight was', { ...want, expiresAt: '2026-12-29' }, true],
    ['dated otherwise', { ...want, expiresAt: '2026-12-30' }, false],
    ['without a date', { ...want, expiresAt: null }, false],
    ['of another role', { ...want, accessLevel: 40 }, false],
  ])('is known for ours by its role and date: %s', (_what, row, expected) => {
    expect(approvedAs({ want, adds: true }, row)).toBe(expected);
  });
});
