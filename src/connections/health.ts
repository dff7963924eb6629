import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import { appendAudit } from '../store/audit.ts';
import { findConnection, lockConnection, updateConnection } from '../store/connections.ts';
import type { ConnectionRow } from '../store/connections.ts';
import { bringStandingForward } from '../store/standing.ts';
import type { Clients } from './clients.ts';
import type { ConnectionsDeps } from './deps.ts';
import type { TestResult } from './records.ts';
import { settleRotation } from './settle-rotation.ts';
import { passed, testedValues } from './rows.ts';

/** Who acts when nobody asked. */
const SELF = 'gatehouse';
/** Refusals are also met in good health, each time somebody asks for what the token may not see. */
const REFUSED_PAUSE_MS = 30_000;

/** Keeps a connection's status true to whether its token works (S24). */
export type Health = {
  /** One confirming probe, however many ask at once: a dead token turns the connection DEGRADED, a live one CONNECTED again. */
  suspect(connectionId: string): Promise<void>;
  /** A client met a refusal, which may have other causes: suspects the connection in the background, at most once in 30 s. */
  refused(connectionId: string): void;
  /** Resolves when no probe is under way. */
  settled(): Promise<void>;
  /** Keeps the report of a test of the saved address and token; a passed one brings a DEGRADED connection back. */
  record(actor: string, tested: ConnectionRow, result: TestResult): Promise<void>;
};

export function createHealth(deps: ConnectionsDeps, clients: Clients): Health {
  const probes = new Map<string, Promise<void>>();
  const refusedAtMs = new Map<string, number>();

  function suspect(connectionId: string): Promise<void> {
    const running = probes.get(connectionId);
    if (running) {
      return running;
    }
    const probe = confirm(deps, clients, connectionId).finally(() => probes.delete(connectionId));
    probes.set(connectionId, probe);
    return probe;
  }

  return {
    suspect,

    refused(connectionId) {
      const nowMs = performance.now();
      if (probes.has(connectionId) || nowMs - (refusedAtMs.get(connectionId) ?? -Infinity) < REFUSED_PAUSE_MS) {
        return;
      }
      refusedAtMs.set(connectionId, nowMs);
      suspect(connectionId).catch((error: unknown) => {
        deps.log.warn({ err: error, connectionId }, 'A refused token could not be probed.');
      });
    },

    async settled() {
      await Promise.allSettled(probes.values());
    },

    async record(actor, tested, result) {
      const test = passed(result);
      await write(deps, tested, {
        actor,
        status: test ? 'CONNECTED' : tested.status,
        reason: test ? null : tested.statusReason,
        values: test ? testedValues(test) : { report: result.report },
      });
    },
  };
}

async function confirm(deps: ConnectionsDeps, clients: Clients, connectionId: string): Promise<void> {
  const row = await findConnection(deps.store.db, connectionId);
  if (!row) {
    return;
  }
  if (row.rotating) {
    await settleRotation(deps, SELF, row);
    return;
  }
  const cause = await probe(await clients.for(connectionId));
  if (cause === 'unknown' || (row.status === 'DEGRADED') === (cause !== null)) {
    return;
  }
  const status = cause === null ? 'CONNECTED' : 'DEGRADED';
  await write(deps, row, { actor: SELF, status, reason: cause, values: {} });
}

/** Why the token is dead, null if it lives; `unknown` when GitLab did not say. */
async function probe(client: GitLabClient): Promise<string | null> {
  try {
    await client.tokenSelf();
    return null;
  } catch (error) {
    if (error instanceof GitLabError) {
      return tokenDead(error) ? [error.message, error.details.text ?? ''].join(' ').trim() : 'unknown';
    }
    throw error;
  }
}

type Verdict = {
  actor: string;
  status: ConnectionRow['status'];
  reason: string | null;
  values: Parameters<typeof updateConnection>[3];
};

/** Nothing is written if the token or address was replaced since it was looked at: the verdict is about the old one. */
async function write(
  deps: ConnectionsDeps,
  seen: ConnectionRow,
  { actor, status, reason, values }: Verdict,
): Promise<void> {
  const turned = await deps.store.transaction(async (tx) => {
    const now = await deps.store.clock.now();
    const current = await lockConnection(tx, seen.id);
    if (current?.tokenJwe !== seen.tokenJwe) {
      return false;
    }
    await updateConnection(tx, now, seen.id, { ...values, status, statusReason: reason });
    if (current.status === status) {
      return false;
    }
    if (status === 'CONNECTED') {
      await bringStandingForward(tx, seen.id, now);
    }
    await appendAudit(tx, now, {
      actor,
      action: status === 'DEGRADED' ? 'CONNECTION_DEGRADED' : 'CONNECTION_RECOVERED',
      connectionId: seen.id,
      summary:
        status === 'DEGRADED'
          ? `The token of the connection "${seen.name}" no longer works: ${reason ?? 'refused'}`
          : `The token of the connection "${seen.name}" works again.`,
      details: { name: seen.name, username: seen.username, reason },
    });
    return true;
  });
  if (turned) {
    deps.log.warn({ connection: seen.name, status, cause: reason }, 'A connection changed its status.');
  }
}
