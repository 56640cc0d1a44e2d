import { decode, decodeBody } from '../bson/decode.ts';
import { documentOf, encode, fieldsOf } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { CommandError } from '../errors.ts';

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
export const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;

export const MAX_MESSAGE_SIZE = 48_000_000;

/** The arrays of a body that may also come as document sequences: they are taken as such. */
const STATEMENTS = new Set(['documents', 'updates', 'deletes']);

/** A command as it arrives: its body, and its document sequences still encoded. */
export type Request = {
  requestId: number;
  opCode: number;
  /** The client wants no reply (OP_MSG `moreToCome`). */
  silent: boolean;
  exhaustAllowed: boolean;
  body: Doc;
  sequences: Map<string, Buffer[]>;
};

/** The client broke the protocol: its connection is closed. */
export class ProtocolError extends Error {}

/** Parses one whole message, header included. */
export function parseMessage(message: Buffer): Request {
  const opCode = message.readInt32LE(12);
  if (opCode === OP_MSG) return parseMsg(message);
  if (opCode === OP_QUERY) return parseQuery(message);
  throw new ProtocolError(`unsupported opcode ${opCode}`);
}

function parseMsg(message: Buffer): Request {
  if (message.length < 26) throw new ProtocolError('OP_MSG too short');
  const flags = message.readUInt32LE(16);
  if (flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME)) throw new ProtocolError('unknown required flag');
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let body: Doc | undefined;
  const sequences = new Map<string, Buffer[]>();
  let at = 20;
  while (at < end) {
    const kind = message[at++];
    const size = at + 4 <= end ? message.readInt32LE(at) : -1;
    if (size < 5 || at + size > end) throw new ProtocolError('section exceeds its message');
    if (kind === 0) {
      if (body) throw new ProtocolError('more than one body');
      body = decodeBody(message.subarray(at, at + size), STATEMENTS, (name, docs) => sequences.set(name, docs));
    } else if (kind === 1) {
      const [name, docs] = parseSequence(message.subarray(at, at + size));
      sequences.set(name, docs);
    } else throw new ProtocolError(`unknown section kind ${kind}`);
    at += size;
  }
  if (!body) throw new ProtocolError('message without a body');
  const silent = (flags & MORE_TO_COME) !== 0;
  return {
    requestId: message.readInt32LE(4),
    opCode: OP_MSG,
    silent,
    exhaustAllowed: (flags & EXHAUST_ALLOWED) !== 0,
    body,
    sequences,
  };
}

function parseSequence(section: Buffer): [string, Buffer[]] {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new ProtocolError('unterminated section name');
  const docs: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = at + 4 <= section.length ? section.readInt32LE(at) : -1;
    if (size < 5 || at + size > section.length) throw new ProtocolError('document exceeds its section');
    docs.push(section.subarray(at, at + size));
    at += size;
  }
  return [section.toString('utf8', 4, nameEnd), docs];
}

/** The legacy handshake: a query on `<db>.$cmd`. */
function parseQuery(message: Buffer): Request {
  const nameEnd = message.indexOf(0, 20);
  if (nameEnd < 0 || nameEnd + 9 > message.length) throw new ProtocolError('malformed OP_QUERY');
  const ns = message.toString('utf8', 20, nameEnd);
  if (!ns.endsWith('.$cmd')) throw new ProtocolError('OP_QUERY is supported for the handshake only');
  const query = decode(message.subarray(nameEnd + 9));
  const inner = query['$query'] ?? query['query'];
  const command = (typeof inner === 'object' && inner !== null ? inner : query) as Doc;
  const body = { ...command, $db: ns.slice(0, -'.$cmd'.length) };
  return {
    requestId: message.readInt32LE(4),
    opCode: OP_QUERY,
    silent: false,
    exhaustAllowed: false,
    body,
    sequences: new Map(),
  };
}

/** A document, or a message that holds one, `MESSAGE_HEAD` bytes from its beginning. */
export type Reply = Doc | Buffer;

let lastId = 0;

/** The bytes of an OP_MSG before its body. */
export const MESSAGE_HEAD = 21;
const LEGACY_HEAD = 36;

/**
 * A whole reply to `request`: of a document, or of a message whose head is still to be written.
 *
 * @param flags OP_MSG's
 */
export function buildReply(request: Pick<Request, 'requestId' | 'opCode'>, reply: Reply, flags = 0): Buffer {
  const legacy = request.opCode === OP_QUERY;
  const out = Buffer.isBuffer(reply) ? reply : encodeReply(legacy ? LEGACY_HEAD : MESSAGE_HEAD, reply);
  lastId = (lastId + 1) | 0;
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(lastId, 4);
  out.writeInt32LE(request.requestId, 8);
  out.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) {
    out.fill(0, 16, LEGACY_HEAD);
    out.writeInt32LE(8, 16);
    out.writeInt32LE(1, 32);
  } else {
    out.writeUInt32LE(flags, 16);
    out[20] = 0;
  }
  return out;
}

function encodeReply(head: number, reply: Doc): Buffer {
  try {
    return documentOf(head, [fieldsOf(encode(reply))]);
  } catch (error) {
    const refused = new CommandError(10334, error instanceof Error ? error.message : String(error));
    return documentOf(head, [fieldsOf(encode(refused.toReply()))]);
  }
}

/** The id that the last reply of an exhaust stream had: its next one answers to that. */
export const lastReplyId = (): number => lastId;
