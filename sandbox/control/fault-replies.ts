import { json, type Reply } from '../http/reply.ts';
import { retryLater } from '../http/throttle.ts';
import { tooMany } from '../rest/context.ts';
import type { FaultRule } from './faults.ts';

function page(status: number, title: string): Reply {
  const text = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, text, headers: { 'Content-Type': 'text/html' } };
}

function throttled(rule: FaultRule, nowMs: number): Reply {
  const now = Math.floor(nowMs / 1000);
  const reset = now + (rule.retryAfterSeconds ?? 60);
  const headers = {
    'RateLimit-Name': 'throttle_authenticated_api',
    'RateLimit-Limit': '120',
    'RateLimit-Observed': '7201',
    'RateLimit-Remaining': '0',
    'RateLimit-Reset': String(reset),
  };
  return retryLater(headers, reset, now);
}

/** The answer a fault gives in place of the handler's; null for faults that let the handler run. */
export function faultReply(rule: FaultRule, nowMs: number): Reply | null {
  switch (rule.kind) {
    case 'refuse':
      return json(rule.status ?? 403, rule.body ?? { message: '403 Forbidden' });
    case 'status':
      return json(rule.status ?? 500, rule.body ?? { message: `${String(rule.status ?? 500)} made by the sandbox` });
    case '429-app':
      return tooMany(rule.retryAfterSeconds ?? 60);
    case '429-throttle':
      return throttled(rule, nowMs);
    case '500':
      return json(500, rule.body ?? { message: '500 Internal Server Error' });
    case '502':
      return page(502, '502 Bad Gateway');
    case '503':
      return page(503, '503 Service Unavailable');
    case 'queued-202':
      return json(202, rule.body ?? { message: { somebody: 'Request queued for administrator approval.' } });
    case 'error-201':
      return json(201, rule.body ?? { status: 'error', message: 'somebody: not authorized to create member' });
    case 'no-effect-204':
      return { status: 204 };
    case 'awaiting-201':
    case 'cut-before':
    case 'cut-after':
    case 'delay':
      return null;
  }
}
