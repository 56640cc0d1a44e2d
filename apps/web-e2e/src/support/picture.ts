import { randomFillSync } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** A file as a page's file chooser takes it. */
export type PictureFile = { name: string; mimeType: string; buffer: Buffer };

/** Red, green and blue of a pixel, each 0 to 255. */
type Paint = (x: number, y: number) => readonly [number, number, number];

/** A sunset over water, more or less: something that is recognised small and blurred. */
const sunset =
  (width: number, height: number): Paint =>
  (x, y) => {
    const isSun = Math.hypot(x - width * 0.6, y - height * 0.45) < height * 0.14;
    if (isSun) return [255, 214, 120];
    const depth = y / height;
    return depth < 0.6 ? [250 - depth * 160, 120 + depth * 60, 110 + depth * 90] : [30, 70 + x / 20, 110 - depth * 20];
  };

/** A PNG (ISO/IEC 15948) of this size, in 8 bits a channel. */
export function pngFile(name: string, width: number, height: number): PictureFile {
  const paint = sunset(width, height);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(paint(x, y).map(Math.round), y * (1 + width * 3) + 1 + x * 3);
  }
  return { name, mimeType: 'image/png', buffer: encode(rows, width, height) };
}

/** A PNG that no compression makes smaller: about `bytes` long, and not longer. */
export function noisyPngFile(name: string, bytes: number): PictureFile {
  const side = Math.floor(Math.sqrt((bytes - 20_000) / 3));
  const rows = randomFillSync(Buffer.alloc(side * (1 + side * 3)));
  // Each row begins with its filter: none.
  for (let y = 0; y < side; y += 1) rows[y * (1 + side * 3)] = 0;
  return { name, mimeType: 'image/png', buffer: encode(rows, side, side) };
}

/** A GIF of one pixel with so much behind its end that it is `bytes` long: valid, and no program can make it smaller but by losing what may move. */
export function longGifFile(name: string, bytes: number): PictureFile {
  const gif = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
  return { name, mimeType: 'image/gif', buffer: Buffer.concat([gif, Buffer.alloc(bytes - gif.length)]) };
}

function encode(rows: Buffer, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
