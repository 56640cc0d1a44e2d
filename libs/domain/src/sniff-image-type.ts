import type { ImageType } from './limits.ts';

/** How many bytes of the beginning `sniffImageType` looks at. */
export const SNIFFED_BYTES = 64;

/** What a file is by its first bytes, whatever it is called; undefined when it is none of the pictures that are taken. */
export function sniffImageType(start: Uint8Array): ImageType | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...start.subarray(from, to));
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'image/gif';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  // The brands of an ISO base media file: one main brand, then (after a version) those it is compatible with.
  if (text(4, 8) !== 'ftyp' || start.length < 16) return undefined;
  const size = new DataView(start.buffer, start.byteOffset, start.byteLength).getUint32(0);
  const end = Math.min(size, start.length, SNIFFED_BYTES);
  const brands = [
    text(8, 12),
    ...Array.from({ length: Math.max(0, end - 16) >> 2 }, (_, n) => text(16 + n * 4, 20 + n * 4)),
  ];
  return brands.some((brand) => brand === 'avif' || brand === 'avis') ? 'image/avif' : undefined;
}
