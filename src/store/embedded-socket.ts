import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

/**
 * What PostgreSQL's client takes for a socket, with the embedded PostgreSQL at the other end. All that the client writes at
 * once (a statement with its values is five messages) is one call into PGlite, and so is all that comes back. PGlite's own
 * `query` makes a call for each message, and reads each answer in ways that cost more than most statements.
 */
export class EmbeddedSocket extends Duplex {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    super();
    this.#pglite = pglite;
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  /** There is no network to be tuned. */
  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // What is answered is pushed when it is there.
  }

  override _write(message: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#answer(message).then(() => {
      done();
    }, done);
  }

  override _writev(messages: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(messages.map(({ chunk }) => chunk)), 'binary', done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  async #answer(messages: Buffer): Promise<void> {
    const answers: Buffer[] = [];
    // The bytes are PGlite's own memory, which the next call writes over. Its file system in Node needs no flush.
    const onRawData = (bytes: Uint8Array) => answers.push(Buffer.from(bytes));
    await this.#pglite.execProtocolRawStream(messages, { syncToFs: false, onRawData });
    for (const answer of answers) this.push(answer);
  }
}
