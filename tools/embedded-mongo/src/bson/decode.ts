import { BSONRegExp, BSONSymbol, Binary, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { CommandError } from '../errors.ts';
import type { Doc } from './types.ts';
import { setField } from './types.ts';

const invalid = (why: string): CommandError => new CommandError(22, `invalid BSON: ${why}`);

/**
 * Decodes one BSON document and keeps its number types: int32 and most doubles are numbers, a
 * double that bson would write back as an int32 is a `Double`, an int64 is a bigint.
 *
 * `bson.deserialize` either loses these types or wraps every number; hence a decoder of our own.
 */
export function decode(bytes: Buffer, start = 0): Doc {
  try {
    return new Reader(bytes).document(start, 0, false) as Doc;
  } catch (error) {
    // Reads beyond the end are RangeErrors of Buffer, bad regular expressions BSONErrors.
    throw error instanceof CommandError ? error : invalid(error instanceof Error ? error.message : String(error));
  }
}

/** Decodes only the `_id` of a document, without the rest; undefined when it isn't the first field. */
export function decodeFirstId(bytes: Buffer): unknown {
  if (bytes.length < 10 || bytes[5] !== 0x5f || bytes[6] !== 0x69 || bytes[7] !== 0x64 || bytes[8] !== 0)
    return undefined;
  const reader = new Reader(bytes);
  reader.at = 9;
  return reader.value(bytes[4] ?? 0, 0);
}

class Reader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  document(start: number, depth: number, asArray: boolean): Doc | unknown[] {
    const { bytes } = this;
    if (start + 5 > bytes.length) throw invalid('truncated document');
    const size = bytes.readInt32LE(start);
    const end = start + size - 1;
    if (size < 5 || end >= bytes.length || bytes[end] !== 0) throw invalid('incorrect document length');
    if (depth > 200) throw new CommandError(15, 'BSONObj exceeds maximum nested object depth: 200');
    const doc: Doc = {};
    const items: unknown[] = [];
    this.at = start + 4;
    while (this.at < end) {
      const type = bytes[this.at] ?? 0;
      const nameStart = this.at + 1;
      const nameEnd = bytes.indexOf(0, nameStart);
      if (nameEnd < 0 || nameEnd >= end) throw invalid('unterminated field name');
      this.at = nameEnd + 1;
      if (asArray) items.push(this.value(type, depth));
      else setField(doc, name(bytes, nameStart, nameEnd), this.value(type, depth));
      if (this.at > end) throw invalid('a field exceeds its document');
    }
    this.at = end + 1;
    return asArray ? items : doc;
  }

  value(type: number, depth: number): unknown {
    const { bytes } = this;
    const at = this.at;
    switch (type) {
      case 0x01: {
        const v = bytes.readDoubleLE(this.skip(8));
        return (v | 0) === v && !Object.is(v, -0) ? new Double(v) : v;
      }
      case 0x02:
        return this.string();
      case 0x03:
        return this.document(at, depth + 1, false);
      case 0x04:
        return this.document(at, depth + 1, true);
      case 0x05:
        return this.binary();
      case 0x06:
        return undefined;
      case 0x07:
        return new ObjectId(copy(bytes, this.skip(12), 12));
      case 0x08:
        return bytes[this.skip(1)] !== 0;
      case 0x09: {
        this.skip(8);
        return new Date(bytes.readInt32LE(at + 4) * 0x100000000 + bytes.readUInt32LE(at));
      }
      case 0x0a:
        return null;
      case 0x0b: {
        const pattern = this.cstring();
        return new BSONRegExp(pattern, this.cstring());
      }
      case 0x0d:
        return new Code(this.string());
      case 0x0e:
        return new BSONSymbol(this.string());
      case 0x10:
        return bytes.readInt32LE(this.skip(4));
      case 0x11:
        return new Timestamp(bytes.readBigUInt64LE(this.skip(8)));
      case 0x12:
        return bytes.readBigInt64LE(this.skip(8));
      case 0x13:
        return new Decimal128(copy(bytes, this.skip(16), 16));
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw invalid(`field of unsupported type ${type}`);
    }
  }

  skip(length: number): number {
    const at = this.at;
    this.at = at + length;
    if (length < 0 || this.at > this.bytes.length) throw invalid('truncated value');
    return at;
  }

  string(): string {
    const length = this.bytes.readInt32LE(this.skip(4));
    if (length < 1) throw invalid('bad string length');
    const at = this.skip(length);
    if (this.bytes[at + length - 1] !== 0) throw invalid('unterminated string');
    return this.bytes.toString('utf8', at, at + length - 1);
  }

  cstring(): string {
    const at = this.at;
    const end = this.bytes.indexOf(0, at);
    if (end < 0) throw invalid('unterminated string');
    this.at = end + 1;
    return this.bytes.toString('utf8', at, end);
  }

  binary(): Binary {
    const length = this.bytes.readInt32LE(this.skip(4));
    const subType = this.bytes[this.skip(1)] ?? 0;
    const at = this.skip(length);
    return new Binary(copy(this.bytes, at, length), subType);
  }
}

function copy(bytes: Buffer, at: number, length: number): Buffer {
  return Buffer.from(bytes.subarray(at, at + length));
}

/** Field names repeat from document to document: short ASCII ones are read without a call into C++. */
function name(bytes: Buffer, start: number, end: number): string {
  if (end - start > 16) return bytes.toString('utf8', start, end);
  let text = '';
  for (let i = start; i < end; i++) {
    const c = bytes[i] ?? 0;
    if (c > 127) return bytes.toString('utf8', start, end);
    text += String.fromCharCode(c);
  }
  return text;
}
