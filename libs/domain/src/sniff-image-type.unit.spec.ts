import { describe, expect, it } from 'vitest';
import { sniffImageType } from './sniff-image-type.ts';

const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

describe('sniffImageType', () => {
  it.each([
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/png', '\x89PNG\r\n\x1a\n\0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\0\0\0\0WEBPVP8 '],
    ['image/avif', '\0\0\0\x14ftypavif\0\0\0\0mif1'],
    ['image/avif', '\0\0\0\x1cftypmif1\0\0\0\0miafavifmif1'],
  ])('knows %s', (type, start) => {
    expect(sniffImageType(bytes(start))).toBe(type);
    // A piece of something longer is judged alone.
    expect(sniffImageType(bytes(`....${start}`).subarray(4))).toBe(type);
  });

  it.each([
    '',
    '<svg xmlns="http://www.w3.org/2000/svg">',
    '<!doctype html>',
    'BM....',
    'RIFF\0\0\0\0WAVE',
    '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    '\0\0\0\x14ftypmif1\0\0\0\0mif1avif',
  ])('knows none in %j', (start) => {
    expect(sniffImageType(bytes(start))).toBeUndefined();
  });
});
