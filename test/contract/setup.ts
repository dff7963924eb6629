/** What the suite needs to know of the GitLab in front of it. */
export interface Target {
  /** Base URL without a trailing slash; it may end in a relative URL root. */
  readonly url: string;
  readonly adminToken: string;
  close(): Promise<void>;
}

/**
 * The GitLab named by `GITLAB_URL` and `GITLAB_ADMIN_TOKEN`, or, where no URL is given, a sandbox started for this
 * test file alone. This is the only place of the suite that knows the sandbox.
 * Throws when a URL comes without a token.
 */
export async function openTarget(): Promise<Target> {
  const url = process.env['GITLAB_URL'];
  if (url === undefined || url === '') return openSandbox();
  const adminToken = process.env['GITLAB_ADMIN_TOKEN'];
  if (adminToken === undefined || adminToken === '') {
    throw new Error(
      'GITLAB_URL is set: set GITLAB_ADMIN_TOKEN to an administrator token with scope api (and admin_mode, sudo) too.',
    );
  }
  return { url: url.replace(/\/+$/, ''), adminToken, close: () => Promise.resolve() };
}

async function openSandbox(): Promise<Target> {
  const { startSandbox } = await import('../../sandbox/server.ts');
  const sandbox = await startSandbox({ port: 0 });
  return { url: sandbox.url.replace(/\/+$/, ''), adminToken: sandbox.tokens.admin, close: () => sandbox.close() };
}
