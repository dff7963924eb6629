import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPostgresServer } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';

declare global {
  var gatehouseTestServers: { stop(): Promise<void> } | undefined;
}

/**
 * One PostgreSQL for the whole run, started when the first test asks for it. Tests run in other processes, so they ask over
 * HTTP (`GATEHOUSE_TEST_POSTGRES`, see `postgres.ts`) and are told the address of the server's own database.
 */
export default async function setUp(): Promise<void> {
  let server: Promise<PostgresServer> | null = null;
  const desk = createServer((_request, response) => {
    server ??= startPostgresServer();
    server.then(
      (running) => response.end(running.url('postgres')),
      (error: unknown) => {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
        response.writeHead(500).end(`${String(error)} ${cause}`);
      },
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const { port } = desk.address() as AddressInfo;
  process.env['GATEHOUSE_TEST_POSTGRES'] = `http://127.0.0.1:${String(port)}/`;
  globalThis.gatehouseTestServers = {
    async stop() {
      desk.close();
      await (await server?.catch(() => null))?.stop();
    },
  };
}
