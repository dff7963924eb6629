import { appendAudit } from '../store/audit.ts';
import { lockConnection } from '../store/connections.ts';
import { rotateHookSecret as rotate } from '../store/hook-secrets.ts';
import type { ConnectionsDeps } from './deps.ts';
import { hookSecretSchema, parseInput } from './input.ts';
import { attempt, earlier, once } from './once.ts';
import { noSuchConnection } from './refusals.ts';
import type { HookSecret, HookSecretInput } from './service.ts';

/**
 * Makes the secret that GitLab shall send with its hooks; the one before is void from then on. It is told this once: a repeat
 * with the same idempotency key makes none and answers null. Throws `Refusal` NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED.
 */
export async function rotateHookSecret(
  deps: ConnectionsDeps,
  actor: string,
  input: HookSecretInput,
): Promise<HookSecret> {
  const { connectionId, idempotencyKey } = parseInput(hookSecretSchema, input);
  const call = attempt(actor, idempotencyKey, 'rotateHookSecret', { connectionId });
  if ((await earlier(deps.store, call)) !== null) return { connectionId, secret: null };
  let secret: string | null = null;
  await once(deps.store, call, async (tx, now) => {
    const row = await lockConnection(tx, connectionId);
    if (!row) throw noSuchConnection();
    secret = await rotate(tx, now, connectionId);
    await appendAudit(tx, now, {
      actor,
      action: 'HOOK_SECRET_ROTATED',
      connectionId,
      summary: `Made a new secret for the hooks of the connection "${row.name}".`,
    });
    return connectionId;
  });
  return { connectionId, secret };
}
