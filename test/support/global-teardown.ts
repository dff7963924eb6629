import './global-setup.ts';

/** Ends what the run started; the server's folder goes with it. */
export default async function tearDown(): Promise<void> {
  await globalThis.gatehouseTestServers?.stop();
}
