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
  return guarded(() => new Reader(bytes).document(start, 0, false) as Doc);
}

function guarded(read: () => Doc): Doc {
  try {
    return read();
  } catch (error) {
    // Reads beyond the end are RangeErrors of Buffer, bad regular expressions BSONErrors.
    throw error instanceof CommandError ? error : invalid(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Decodes only some of a document's top-level fields, in their order: those named, and those of one BSON type. The others
 * are checked as in `decode`.
 */
export function decodeSome(bytes: Buffer, wanted: ReadonlySet<string>, wantedType = -1): Doc {
  const reader = new Reader(bytes);
  return guarded(() =>
    reader.fields((type, name) => {
      if (type === wantedType || wanted.has(name)) return reader.value(type, 0);
      reader.skipValue(type, 0);
      return LEFT_OUT;
    }),
  );
}

/** Decodes the body of a command, but leaves arrays of documents that are named encoded, and hands them to `found`. */
export function decodeBody(
  bytes: Buffer,
  encoded: ReadonlySet<string>,
  found: (name: string, documents: Buffer[]) => void,
): Doc {
  const reader = new Reader(bytes);
  return guarded(() =>
    reader.fields((type, name) => {
      const documents = type === 0x04 && encoded.has(name) ? reader.documents() : undefined;
      if (!documents) return reader.value(type, 0);
      found(name, documents);
      return LEFT_OUT;
    }),
  );
}

const LEFT_OUT = Symbol('left out');

/** Where each top-level field of a valid document begins (with its type) and ends. */
export function eachField(bytes: Buffer, visit: (name: string, start: number, end: number) => void): void {
  const reader = new Reader(bytes);
  const end = reader.open(0, 0);
  while (reader.at < end) {
    const start = reader.at++;
    const name = reader.name();
    reader.skipValue(bytes[start] ?? 0, 0);
    visit(name, start, reader.at);
  }
}

/** Whether the first field of a document is its `_id`. */
export function startsWithId(bytes: Buffer): boolean {
  return bytes[5] === 0x5f && bytes[6] === 0x69 && bytes[7] === 0x64 && bytes[8] === 0;
}

class Reader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  document(start: number, depth: number, asArray: boolean): Doc | unknown[] {
    const end = this.open(start, depth);
    const { bytes } = this;
    const doc: Doc = {};
    const items: unknown[] = [];
    while (this.at < end) {
      const type = bytes[this.at++] ?? 0;
      if (asArray) {
        this.skipName();
        items.push(this.value(type, depth));
      } else {
        const name = this.name();
        setField(doc, name, this.value(type, depth));
      }
      if (this.at > end) throw invalid('a field exceeds its document');
    }
    this.at = end + 1;
    return asArray ? items : doc;
  }

  /** The fields of the whole document as `read` takes them; those of which it makes nothing are left out. */
  fields(read: (type: number, name: string) => unknown): Doc {
    const end = this.open(0, 0);
    const doc: Doc = {};
    while (this.at < end) {
      const type = this.bytes[this.at++] ?? 0;
      const name = this.name();
      const value = read(type, name);
      if (value !== LEFT_OUT) setField(doc, name, value);
      if (this.at > end) throw invalid('a field exceeds its document');
    }
    return doc;
  }

  /** The documents of an array, encoded; undefined, and nothing read, when one of its items is none. */
  documents(): Buffer[] | undefined {
    const start = this.at;
    const end = this.open(start, 1);
    const items: Buffer[] = [];
    while (this.at < end) {
      if (this.bytes[this.at++] !== 0x03) {
        this.at = start;
        return undefined;
      }
      this.skipName();
      const from = this.at;
      this.at = this.open(from, 2) + 1;
      items.push(this.bytes.subarray(from, this.at));
      if (this.at > end) throw invalid('a field exceeds its document');
    }
    this.at = end + 1;
    return items;
  }

  /** Checks the frame of a document and goes to its first field; returns where it ends. */
  open(start: number, depth: number): number {
    const { bytes } = this;
    if (start + 5 > bytes.length) throw invalid('truncated document');
    const size = bytes.readInt32LE(start);
    const end = start + size - 1;
    if (size < 5 || end >= bytes.length || bytes[end] !== 0) throw invalid('incorrect document length');
    if (depth > 200) throw new CommandError(15, 'BSONObj exceeds maximum nested object depth: 200');
    this.at = start + 4;
    return end;
  }

  /** Field names repeat from document to document: short ASCII ones are found by their bytes, without a call into C++. */
  name(): string {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let hash = 0;
    for (let c = bytes[at]; c; c = bytes[++at]) hash = (hash * 31 + c) | 0;
    if (at >= bytes.length) throw invalid('unterminated field name');
    this.at = at + 1;
    const known = NAMES[hash & NAMES_MASK];
    if (known !== undefined && isText(known, bytes, start, at)) return known;
    const text = bytes.toString('utf8', start, at);
    if (at - start <= 32 && text.length === at - start) NAMES[hash & NAMES_MASK] = text;
    return text;
  }

  skipName(): void {
    const { bytes } = this;
    let at = this.at;
    while (bytes[at]) at++;
    if (at >= bytes.length) throw invalid('unterminated field name');
    this.at = at + 1;
  }

  /** Goes over a value, and checks of it what decoding would. */
  skipValue(type: number, depth: number): void {
    const size = FIXED_SIZES[type];
    if (size !== undefined) this.skip(size);
    else if (type === 0x03 || type === 0x04) {
      const end = this.open(this.at, depth + 1);
      while (this.at < end) {
        const inner = this.bytes[this.at++] ?? 0;
        this.skipName();
        this.skipValue(inner, depth + 1);
        if (this.at > end) throw invalid('a field exceeds its document');
      }
      this.at = end + 1;
    } else if (type === 0x02) {
      const length = this.bytes.readInt32LE(this.skip(4));
      if (length < 1) throw invalid('bad string length');
      if (this.bytes[this.skip(length) + length - 1] !== 0) throw invalid('unterminated string');
    } else this.value(type, depth);
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

/** Of double, ObjectId, bool, date, null, int, timestamp, long, decimal. */
const FIXED_SIZES: Record<number, number> = { 1: 8, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16 };

const NAMES_MASK = 4095;
const NAMES: (string | undefined)[] = new Array<string | undefined>(NAMES_MASK + 1).fill(undefined);

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
