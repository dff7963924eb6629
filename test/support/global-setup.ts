import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { embeddedTemplateFile } from './embedded-template.ts';
import { startPostgresServer } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';

declare global {
  var gatehouseTestServers: { stop(): Promise<void> } | undefined;
}

/**
 * One PostgreSQL and one empty embedded store for the whole run, each made when the first test asks for it. Tests run in
 * other processes, so they ask over HTTP (`GATEHOUSE_TEST_DESK`, see `desk.ts`): `/postgres` answers with the address of the
 * server's own database, `/embedded` with the path of the empty store.
 */
export default async function setUp(): Promise<void> {
  let server: Promise<PostgresServer> | null = null;
  let template: Promise<string> | null = null;
  const answer = async (what: string | undefined): Promise<string> => {
    if (what === '/postgres') return (await (server ??= startPostgresServer())).url('postgres');
    return (template ??= embeddedTemplateFile());
  };
  const desk = createServer((request, response) => {
    // A connection that is kept can be closed under the next question of a busy test.
    response.setHeader('connection', 'close');
    answer(request.url).then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const { port } = desk.address() as AddressInfo;
  process.env['GATEHOUSE_TEST_DESK'] = `http://127.0.0.1:${String(port)}`;
  globalThis.gatehouseTestServers = {
    async stop() {
      desk.close();
      desk.closeAllConnections();
      await (await server?.catch(() => null))?.stop();
    },
  };
}
