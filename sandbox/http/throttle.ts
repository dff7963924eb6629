import type { Limiter } from './limits.ts';
import type { Reply } from './reply.ts';

interface Throttled {
  readonly headers: Record<string, string>;
  readonly refused: Reply | null;
}

/** The general throttle in front of both APIs: counts one request and says whether it may pass, and the headers it gets. */
export function throttle(
  deps: { limiter: Limiter; nowMs: number; limit: { requests: number; periodSeconds: number } },
  caller: { userId: number | null; ip: string },
): Throttled {
  const { requests, periodSeconds } = deps.limit;
  const name = caller.userId === null ? 'throttle_unauthenticated_api' : 'throttle_authenticated_api';
  const who = caller.userId === null ? caller.ip : String(caller.userId);
  const observed = deps.limiter.count(`${name}:${who}`, periodSeconds);
  const nowSeconds = Math.floor(deps.nowMs / 1000);
  const reset = (Math.floor(nowSeconds / periodSeconds) + 1) * periodSeconds;
  const headers = {
    'RateLimit-Name': name,
    'RateLimit-Limit': String(Math.ceil((requests * 60) / periodSeconds)),
    'RateLimit-Observed': String(observed),
    'RateLimit-Remaining': String(Math.max(0, requests - observed)),
    'RateLimit-Reset': String(reset),
  };
  if (observed <= requests) return { headers, refused: null };
  return { headers, refused: retryLater(headers, reset, nowSeconds) };
}

/** The plain-text 429 of the general throttle (shape G). */
export function retryLater(headers: Record<string, string>, resetSeconds: number, nowSeconds: number): Reply {
  return {
    status: 429,
    text: 'Retry later\n',
    headers: {
      'Content-Type': 'text/plain',
      'Retry-After': String(Math.max(1, resetSeconds - nowSeconds)),
      ...headers,
      'RateLimit-ResetTime': new Date(resetSeconds * 1000).toUTCString(),
    },
  };
}
