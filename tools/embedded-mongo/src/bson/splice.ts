import { eachField } from './decode.ts';
import { documentOf, encode } from './encode.ts';
import type { Doc } from './types.ts';
import { entries, setField } from './types.ts';

/**
 * An encoded document with its top-level fields `names` as `doc` has them: in their places, new ones at the end, the
 * missing ones gone. Everything else stays as it is, byte for byte.
 */
export function splice(bytes: Buffer, names: ReadonlySet<string>, doc: Doc): Buffer {
  const changed: Doc = {};
  for (const [name, value] of entries(doc)) if (names.has(name)) setField(changed, name, value);
  const fresh = new Map<string, Buffer>();
  const encoded = encode(changed);
  eachField(encoded, (name, start, end) => fresh.set(name, encoded.subarray(start, end)));
  const parts: Buffer[] = [];
  let kept = 4;
  eachField(bytes, (name, start, end) => {
    if (!names.has(name)) return;
    if (start > kept) parts.push(bytes.subarray(kept, start));
    const part = fresh.get(name);
    if (part) parts.push(part);
    fresh.delete(name);
    kept = end;
  });
  parts.push(bytes.subarray(kept, bytes.length - 1), ...fresh.values());
  return documentOf(0, parts);
}
