import { refuse } from '../errors.ts';
import { findConnection } from '../store/connections.ts';
import type { ConnectionsDeps } from './deps.ts';
import { examine } from './doctor/doctor.ts';
import type { Health } from './health.ts';
import { parseInput, testSchema } from './input.ts';
import type { TestResult } from './records.ts';
import { noSuchConnection } from './refusals.ts';
import type { TestInput } from './service.ts';

/**
 * Tests a saved connection with its own token or with one given in its place, or any address with a token. Saves nothing, but
 * for a saved connection with its own token: there the report is kept and the status follows it. Throws `Refusal`.
 */
export async function testConnection(
  deps: ConnectionsDeps,
  health: Health,
  actor: string,
  input: TestInput,
): Promise<TestResult> {
  const { connectionId, baseUrl, token } = parseInput(testSchema, input);
  const now = await deps.store.clock.now();
  if (connectionId == null) {
    if (baseUrl == null || token == null) {
      throw refuse('INVALID_INPUT', 'Give connectionId, or baseUrl and token.', [
        baseUrl == null ? 'baseUrl' : 'token',
      ]);
    }
    return examine(deps.clientFactory, { baseUrl, token }, now);
  }
  if (baseUrl != null) {
    throw refuse('INVALID_INPUT', 'Leave out baseUrl: a saved connection is tested at its own address.', ['baseUrl']);
  }
  const row = await findConnection(deps.store.db, connectionId);
  if (!row) {
    throw noSuchConnection();
  }
  if (token != null) {
    return examine(deps.clientFactory, { baseUrl: row.baseUrl, token }, now);
  }
  const saved = await deps.secrets.decrypt(row.tokenJwe, { baseUrl: row.baseUrl });
  const result = await examine(deps.clientFactory, { baseUrl: row.baseUrl, token: saved }, now);
  await health.record(actor, row, result);
  if (result.report.checks.some((check) => check.code === 'TOKEN_VALID' && check.status === 'FAIL')) {
    await health.suspect(connectionId);
  }
  return result;
}
