export { createGitLabClientFactory } from './factory.ts';
export type { GitLabClientDeps } from './factory.ts';
export type { GitLabCallEvent } from './exchange.ts';
export type { OutboundPolicy } from './outbound.ts';
export { GITLAB_ERROR_CODES, GitLabError, outcomeUnknown, tokenDead, transient } from './errors.ts';
export type { GitLabErrorCode, GitLabErrorDetails } from './errors.ts';
export type * from './client.ts';
export type * from './records.ts';
