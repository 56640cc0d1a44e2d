const TEXT = 1;

/** One frame as a server sends it (RFC 6455, 5.2: not masked): its whole length, and its text where it is a whole text message. */
export type Frame = { length: number; text: string | undefined };

/** The first frame of `bytes`; undefined while it is not complete. */
export function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const headerLength = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < headerLength) return undefined;
  const payload = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const length = headerLength + payload;
  if (bytes.length < length) return undefined;
  const isWholeText = (first & 0x80) !== 0 && (first & 0x0f) === TEXT;
  return { length, text: isWholeText ? bytes.toString('utf8', headerLength, length) : undefined };
}
