import { describe, expect, it } from '@jest/globals';
import { compareRoles, highestRole, managesMembers, satisfies } from '../../src/grants/levels.ts';

const role = (accessLevel: number, memberRoleId: string | null = null) => ({ accessLevel, memberRoleId });

describe('S39: which role is higher', () => {
  it('the level decides', () => {
    expect(satisfies(role(40), role(30))).toBe(true);
    expect(satisfies(role(30), role(30))).toBe(true);
    expect(satisfies(role(20), role(30))).toBe(false);
  });

  it('at one level a custom role is above the plain one and only itself satisfies it', () => {
    expect(satisfies(role(30, '7'), role(30))).toBe(true);
    expect(satisfies(role(30), role(30, '7'))).toBe(false);
    expect(satisfies(role(30, '8'), role(30, '7'))).toBe(false);
    expect(compareRoles(role(30), role(30, '7'))).toBeLessThan(0);
  });

  it('only the same role or Owner satisfies Planner and Security Manager', () => {
    for (const beside of [15, 25]) {
      expect(satisfies(role(40), role(beside))).toBe(false);
      expect(satisfies(role(beside), role(beside))).toBe(true);
      expect(satisfies(role(50), role(beside))).toBe(true);
    }
  });

  it('a level that is not known satisfies nothing and is satisfied by nothing', () => {
    expect(satisfies(role(45), role(10))).toBe(false);
    expect(satisfies(role(50), role(45))).toBe(false);
  });

  it('the later of two equal custom roles wins', () => {
    expect(highestRole([role(30, '1'), role(30, '2')])).toEqual(role(30, '2'));
    expect(highestRole([])).toBeNull();
  });

  it('members are managed by project Maintainers and group Owners', () => {
    expect(managesMembers('project', 40)).toBe(true);
    expect(managesMembers('group', 40)).toBe(false);
    expect(managesMembers('group', 50)).toBe(true);
  });
});
