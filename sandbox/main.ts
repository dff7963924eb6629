import { parseArgs } from 'node:util';

import { startSandbox, type SandboxSize } from './server.ts';

const SIZES: readonly SandboxSize[] = ['tiny', 'small', 'medium', 'large'];

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8929' },
    host: { type: 'string', default: '127.0.0.1' },
    size: { type: 'string', default: 'small' },
    seed: { type: 'string', default: '1' },
  },
});
const size = SIZES.find((item) => item === values.size);
const [port, seed] = [Number(values.port), Number(values.seed)];
if (size === undefined || !Number.isInteger(port) || !Number.isInteger(seed)) {
  process.stderr.write(`usage: npm run sandbox -- --port 8929 --size ${SIZES.join('|')} [--host H] [--seed N]\n`);
  process.exit(2);
}

const sandbox = await startSandbox({ port, host: values.host, size, seed });
const { users, groups, projects, members } = sandbox.world;
process.stdout.write(
  [
    `A GitLab is running at ${sandbox.url}`,
    `  ${String(groups.size)} groups, ${String(projects.size)} projects, ${String(users.size)} users, ${String(members.size)} memberships`,
    `  administrator:                         ${sandbox.tokens.admin}`,
    `  root-group Owner (service account):    ${sandbox.tokens.owner}`,
    `  plain user:                            ${sandbox.tokens.user}`,
    `  controls: ${sandbox.url}/sandbox/clock, faults, latency, calls, hooks, settings, state, members, reset`,
    '',
  ].join('\n'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.close();
  });
}
