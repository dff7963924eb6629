import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the small server saw it. */
export type Seen = {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
  /** Of the caller's side: tells connections apart. */
  port: number | undefined;
};

export type Reply = { status: number; headers?: Record<string, string>; body?: string; json?: unknown };

/** `cut` ends the connection without an answer; `hang` never answers. */
export type Answer = Reply | 'cut' | 'hang';

export type SmallServer = { url: string; seen: Seen[]; close(): Promise<void> };

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'cut') {
    response.socket?.destroy();
    return;
  }
  const isJson = answer.json !== undefined;
  response.writeHead(answer.status, {
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...answer.headers,
  });
  response.end(isJson ? JSON.stringify(answer.json) : (answer.body ?? ''));
}

/** An HTTP server on loopback that answers as told and remembers what it was asked. */
export async function startServer(
  answer: (seen: Seen, count: number) => Answer | Promise<Answer>,
): Promise<SmallServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const one = {
        method: request.method ?? '',
        url,
        headers: request.headers,
        body,
        port: request.socket.remotePort,
      };
      seen.push(one);
      send(response, await answer(one, seen.length));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
