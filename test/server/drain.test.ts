import { expect, it } from '@jest/globals';
import { fakeConnection } from './fake-connection.ts';
import { startBareServer } from './bare.ts';

it('at the end a request under way is answered first, and new ones are not taken', async () => {
  const begun = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const server = await startBareServer({
    connections: {
      async byId() {
        begun.resolve(undefined);
        await goOn.promise;
        return fakeConnection('slow');
      },
    },
  });
  const id = Buffer.from('Connection:1').toString('base64url');
  const slow = server.ask('query($id: ID!) { node(id: $id) { ... on Connection { name } } }', { variables: { id } });
  await begun.promise;
  const closed = server.close();
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  goOn.resolve(undefined);
  expect((await slow).data).toEqual({ node: { name: 'slow' } });
  await closed;
});
