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

/** A GIF (89a) of two frames that take turns, each of one colour. Its codes are as wide as bytes, and a clear code comes before the table grows: so nothing is compressed. */
export function movingGifFile(name: string, width: number, height: number): PictureFile {
  const size = Buffer.from([width & 255, width >> 8, height & 255, height >> 8]);
  const colours = Buffer.alloc(128 * 3);
  colours.set([230, 90, 70, 70, 130, 200]);
  const forever = Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00', 'latin1');
  const frames = [0, 1].map((colour) => {
    const codes = Array.from({ length: Math.ceil((width * height) / 120) }, (_, run) => {
      const left = Math.min(120, width * height - run * 120);
      return Buffer.from([128, ...new Array<number>(left).fill(colour)]);
    });
    const data = Buffer.concat([...codes, Buffer.from([129])]);
    const blocks = Array.from({ length: Math.ceil(data.length / 255) }, (_, at) => {
      const block = data.subarray(at * 255, at * 255 + 255);
      return Buffer.concat([Buffer.from([block.length]), block]);
    });
    const control = Buffer.from([0x21, 0xf9, 4, 0, 50, 0, 0, 0]);
    const descriptor = Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0]), size, Buffer.from([0, 7])]);
    return Buffer.concat([control, descriptor, ...blocks, Buffer.from([0])]);
  });
  const head = Buffer.concat([Buffer.from('GIF89a', 'latin1'), size, Buffer.from([0xf6, 0, 0]), colours]);
  return { name, mimeType: 'image/gif', buffer: Buffer.concat([head, forever, ...frames, Buffer.from([0x3b])]) };
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
