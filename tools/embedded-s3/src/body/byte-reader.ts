import { S3Error } from '../errors.ts';

/** Reads lines and lengths from a stream of bytes without keeping more than what is under way. */
export class ByteReader {
  #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterator<Buffer>) {
    this.#source = source;
  }

  /** The next line without its CR LF. */
  async line(max: number): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf('\r\n');
      if (end > max || (end === -1 && this.#held.length > max + 1))
        throw new S3Error('InvalidRequest', 'The chunk framing of the body is malformed');
      if (end !== -1) {
        const line = this.#held.toString('latin1', 0, end);
        this.#held = this.#held.subarray(end + 2);
        return line;
      }
      if (!(await this.#more())) throw incomplete();
    }
  }

  /** The next `length` bytes, in the pieces in which they come. */
  async *take(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#held.length === 0 && !(await this.#more())) throw incomplete();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async isAtEnd(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#more());
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }
}

export const incomplete = (): S3Error =>
  new S3Error('IncompleteBody', 'You did not provide the number of bytes that were announced');
