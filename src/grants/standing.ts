import type { CallPriority } from '../gitlab/client.ts';
import type { KeyState } from './state.ts';

/**
 * The connection that a key is worked through: that of the latest grant or revocation that still has one, or
 * of a write that GitLab queued. */
export function connectionOf(state: KeyState): string | null {
  const begun = state.grants.filter((grant) => grant.status !== 'SCHEDULED');
  const ids = [...begun, ...state.revocations].map((thing) => thing.connectionId).filter((id) => id !== null);
  return ids.at(-1) ?? state.key.queuedConnectionId;
}

/** Nothing has begun and nothing is decided: there is nothing to prove. */
export function idle(state: KeyState): boolean {
  return state.revocations.length === 0 && state.grants.every((grant) => grant.status === 'SCHEDULED');
}

/** All that has begun is in force and no write is under way: such a look is a poll, and asks for the person too. */
export function resting(state: KeyState): boolean {
  if (state.key.intent !== null || state.revocations.length > 0) return false;
  if (idle(state)) return false;
  return state.grants.every((grant) => grant.status === 'ACTIVE' || grant.status === 'SCHEDULED');
}

/** Whose share of the calls a look takes: revokes go first, and what nobody asked for last. */
export function priorityOf(state: KeyState): CallPriority {
  if (state.revocations.length > 0 || state.grants.some((grant) => grant.status === 'ENDING')) return 'revoke';
  return resting(state) ? 'query' : 'grant';
}

/** A grant begins for which nothing was sent yet. */
export function begins({ key, grants }: KeyState): boolean {
  return key.intent === null && grants.some((grant) => grant.status === 'ACTIVATING');
}
