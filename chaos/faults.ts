import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, GitLab } from './gitlab.ts';
import type { Random } from './random.ts';

const MEMBERS = '/members';
const WRITES = ['POST', 'PUT', 'DELETE'];

function draw(random: Random): Fault {
  const write: Fault = { kind: '', method: random.pick(WRITES), path: MEMBERS };
  const anything: Fault = { kind: '' };
  const rule = random.chance(0.7) ? write : anything;
  const times = random.between(1, 3);
  switch (random.between(1, 8)) {
    case 1:
    case 2:
      return { ...rule, kind: 'cut-before', times };
    case 3:
    case 4:
      return { ...rule, kind: 'cut-after', times };
    case 5:
      return { ...rule, kind: random.pick(['500', '502', '503']), times };
    case 6:
      return { ...rule, kind: random.pick(['429-app', '429-throttle']), retryAfterSeconds: random.between(1, 2) };
    case 7:
      return { ...write, kind: 'no-effect-204', method: 'DELETE' };
    default:
      return { ...rule, kind: 'delay', delayMs: random.between(100, 1_500), times };
  }
}

/** Makes GitLab misbehave until `stopped`. */
export async function makeFaults(deps: { gitlab: GitLab; random: Random }, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    await sleep(deps.random.between(200, 900));
    await deps.gitlab.fault(draw(deps.random));
  }
  await deps.gitlab.clearFaults();
}
