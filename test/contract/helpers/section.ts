import { afterAll, afterEach, describe, expect } from '@jest/globals';

/**
 * One section of the contract: a `describe` that counts the assertions made in it and prints one line when it ends,
 * whatever the outcome, followed by what could not be asked of a GitLab and what does not apply to this one.
 */
export function contract(name: string, body: (section: Section) => void): void {
  describe(name, () => {
    const lines: string[] = [];
    let assertions = 0;
    afterEach(() => {
      assertions += expect.getState().assertionCalls;
    });
    afterAll(() => {
      process.stdout.write([`contract: ${name}: ${String(assertions)} assertions`, ...lines, ''].join('\n'));
    });
    body({
      notAsked: (what) => lines.push(`contract: ${name}: not asked: ${what}`),
      doesNotApply: (why) => lines.push(`contract: ${name}: does not apply: ${why}`),
    });
  });
}

export interface Section {
  /** Says that no GitLab can be asked this through its API alone (a moved clock, a fault). */
  notAsked(what: string): void;
  /** Says that this instance lacks what the check is about (edition, licence, setting). */
  doesNotApply(why: string): void;
}
