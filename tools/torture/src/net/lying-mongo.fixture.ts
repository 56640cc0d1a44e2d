import { BSON } from 'mongodb';
import type { Interceptor } from './link.ts';

const OP_MSG = 2013;
const HEADER = 16;

/** Stands before MongoDB and decides about each request: it passes it on, or answers in MongoDB's place, or lets it be lost. */
function betweenRequests(decide: (request: Buffer) => 'pass' | 'lose' | { answer: object }): Interceptor {
  return ({ toServer, toClient }) => {
    let rest: Buffer = Buffer.alloc(0);
    return {
      fromServer: toClient,
      fromClient: (chunk) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
          const request = rest.subarray(0, rest.readInt32LE(0));
          rest = rest.subarray(request.length);
          const decision = decide(request);
          if (decision === 'pass') toServer(request);
          else if (decision !== 'lose') toClient(encodeAnswer(request.readInt32LE(4), decision.answer));
        }
      },
    };
  };
}

/**
 * A saboteur: says of some inserts of messages that they are on disk, and forgets them. To a service that is as if it acknowledged
 * before the insert.
 */
export const createLyingMongo = (lies: (texts: string[]) => boolean): Interceptor =>
  betweenRequests((request) => {
    const texts = insertedTexts(request);
    return texts.length > 0 && lies(texts) ? { answer: { n: texts.length, ok: 1 } } : 'pass';
  });

/** Loses what would take entries out of the outbox. */
export const createOutboxKeeper = (keeps: () => boolean): Interceptor =>
  betweenRequests((request) => {
    return keeps() && request.includes('$unset') && request.includes('outbox') ? 'lose' : 'pass';
  });

/** Texts of the messages that a command inserts; none for any other command. */
function insertedTexts(request: Buffer): string[] {
  if (request.readInt32LE(12) !== OP_MSG || request[HEADER + 4] !== 0) return [];
  const body = BSON.deserialize(request.subarray(HEADER + 5), { allowObjectSmallerThanBufferSize: true });
  if (body['insert'] !== 'messages') return [];
  return (body['documents'] as { text: string }[]).map(({ text }) => text);
}

function encodeAnswer(to: number, document: object): Buffer {
  const body = BSON.serialize(document);
  const header = Buffer.alloc(HEADER + 5);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(to, 8);
  header.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([header, body]);
}
