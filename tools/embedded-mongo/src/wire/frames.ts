import { MAX_MESSAGE_SIZE, ProtocolError } from './message.ts';

/** Cuts a stream of bytes into messages by the length each begins with. */
export class Frames {
  #chunks: Buffer[] = [];
  #size = 0;

  /** Takes what arrived and gives the messages that are whole. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const messages: Buffer[] = [];
    for (let wanted = this.#next(); wanted !== undefined && this.#size >= wanted; wanted = this.#next()) {
      const all = this.#join();
      messages.push(all.subarray(0, wanted));
      this.#chunks = all.length > wanted ? [all.subarray(wanted)] : [];
      this.#size -= wanted;
    }
    return messages;
  }

  /** The length of the message that comes next, once its header is there. */
  #next(): number | undefined {
    if (this.#size < 16) return undefined;
    const [first] = this.#chunks;
    const length = (first && first.length >= 4 ? first : this.#join()).readInt32LE(0);
    if (length < 16 || length > MAX_MESSAGE_SIZE) throw new ProtocolError(`message length ${length} is out of range`);
    return length;
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    if (this.#chunks.length === 1 && only) return only;
    const all = Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [all];
    return all;
  }
}
