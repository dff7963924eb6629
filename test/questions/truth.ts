import { createLimiter } from '../../sandbox/http/limits.ts';
import { authenticate } from '../../sandbox/http/auth.ts';
import { createClock, createWorld, defaultSettings } from '../../sandbox/model/index.ts';
import type { World } from '../../sandbox/model/index.ts';
import { createRestHandler } from '../../sandbox/rest/dispatch.ts';
import { TOKENS, seedWorld } from '../../sandbox/seed/index.ts';
import type { SeedSize } from '../../sandbox/seed/index.ts';

const NOW_MS = Date.parse('2026-03-02T12:00:00Z');

/** A GitLab's whole state, without a server: limits off, authorizations settled. */
export function seededWorld(size: SeedSize, seed: number): World {
  const world = createWorld({ clock: createClock(() => NOW_MS), settings: defaultSettings() });
  Object.assign(world.settings, { rateLimits: false, authorizationDelayMs: 0 });
  seedWorld(world, { size, seed });
  return world;
}

/** GitLab's own answer to who reaches a group or project: `GET …/members/all`, asked by an administrator; levels by user. */
export function membersAllOf(world: World): (kind: 'group' | 'project', id: string) => Map<string, number> {
  const rest = createRestHandler({ world, limiter: createLimiter(world.clock), baseUrl: () => 'http://gitlab.test' });
  return (kind, id) => {
    const levels = new Map<string, number>();
    for (let page = 1, more = true; more; page += 1) {
      const request = {
        method: 'GET',
        path: `/api/v4/${kind}s/${id}/members/all`,
        queryText: `per_page=100&page=${String(page)}`,
        headers: { 'private-token': TOKENS.admin },
        bodyText: '',
        ip: '127.0.0.1',
      };
      const reply = rest(request, authenticate(world, request));
      if (reply.status !== 200) throw new Error(`GitLab answers ${String(reply.status)}`);
      const rows = reply.body as { id: number; access_level: number }[];
      for (const row of rows) levels.set(String(row.id), row.access_level);
      more = rows.length === 100;
    }
    return levels;
  };
}
