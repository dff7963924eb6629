/** Counts calls in fixed windows of the sandbox's clock. */
export interface Limiter {
  /** Counts one call and says how many the window has had. Refused calls count on. */
  count(key: string, intervalSeconds: number): number;
  clear(): void;
}

/** Makes a limiter; windows start at multiples of the interval of unix time (docs/gitlab.md §rate limits). */
export function createLimiter(clock: { now(): number }): Limiter {
  const windows = new Map<string, { window: number; calls: number }>();
  return {
    count(key, intervalSeconds) {
      const window = Math.floor(clock.now() / 1000 / intervalSeconds);
      const known = windows.get(key);
      if (known?.window === window) {
        known.calls += 1;
        return known.calls;
      }
      windows.set(key, { window, calls: 1 });
      return 1;
    },
    clear() {
      windows.clear();
    },
  };
}

/** GitLab's application limits: calls, and the seconds of their window. */
export const APPLICATION_LIMITS = {
  members_delete: [60, 60],
  project_members_api: [200, 60],
  groups_api: [200, 60],
  group_api: [400, 60],
  group_projects_api: [600, 60],
  group_shared_groups_api: [60, 60],
  group_invited_groups_api: [60, 60],
  project_invited_groups_api: [60, 60],
  projects_api: [2000, 600],
  project_api: [400, 60],
  users_get_by_id: [300, 600],
} as const satisfies Record<string, readonly [number, number]>;

export type LimitName = keyof typeof APPLICATION_LIMITS;
