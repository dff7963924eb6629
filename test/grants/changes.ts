import { expect } from '@jest/globals';
import type { Scene } from './scene.ts';

/** Longer than any pause between two looks at a grant in force. */
export const POLL_MS = 5 * 60_000 + 1_000;

/** What each change of a grant's status is told as, once and in this order. */
const TOLD: readonly string[] = [
  'GRANT_REQUESTED',
  'GRANT_STARTED',
  'GRANT_ACTIVATED',
  'GRANT_ENDING',
  'GRANT_ENDED',
  'GRANT_FAILED',
];

/** Which of these must be there for a grant that got that far. */
const WHERE: Readonly<Record<string, readonly string[]>> = {
  SCHEDULED: [],
  ACTIVATING: [],
  ACTIVE: ['GRANT_ACTIVATED'],
  ENDING: ['GRANT_ENDING'],
  ENDED: ['GRANT_ENDED'],
  FAILED: ['GRANT_FAILED'],
};

/** Every grant of the scene: each change of its status has exactly one audit event, and nothing is told that did not happen (invariant 5). */
export async function expectEachChangeToldOnce(scene: Scene): Promise<void> {
  const { data } = await scene.gateway.query<{ grants: { nodes: { id: string; status: string }[] } }>(
    '{ grants(first: 100) { nodes { id status } } }',
  );
  expect(data.grants.nodes.length).toBeGreaterThan(0);
  for (const { id, status } of data.grants.nodes) {
    const actions = (await scene.audit(id)).map(({ action }) => action).filter((action) => TOLD.includes(action));
    expect(actions[0]).toBe('GRANT_REQUESTED');
    expect(actions).toEqual([...new Set(actions)]);
    expect(actions).toEqual(TOLD.filter((action) => actions.includes(action)));
    expect(actions).toEqual(expect.arrayContaining([...(WHERE[status] ?? [])]));
    const final = actions.at(-1);
    expect(['ENDED', 'FAILED'].includes(status)).toBe(final === 'GRANT_ENDED' || final === 'GRANT_FAILED');
  }
}
