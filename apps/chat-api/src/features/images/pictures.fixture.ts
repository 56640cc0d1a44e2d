import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A picture whose left half is red and whose right half is blue, so that one can tell which way up it is. */
export const twoHalves = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#0000ff' } }).composite([
    {
      input: {
        create: { width: Math.floor(width / 2), height, channels: 3, background: '#ff0000' },
      },
      left: 0,
      top: 0,
    },
  ]);

/** What compresses badly: about as many bytes as pixels. */
export const noise = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 80 } },
  });

/** A JPEG with a place, an owner and a camera in its EXIF, and turned. */
export const photoWithPlace = (orientation = 1): Promise<Buffer> =>
  twoHalves(64, 32)
    .withExif({
      IFD0: { Make: 'Parley-Camera', Copyright: 'Ada-Lovelace' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitudeRef: 'E', GPSLongitude: '13/1 24/1 0/1' },
    })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();

/** Frames of one colour each. */
export async function animation(format: 'gif' | 'webp', frames = 3): Promise<Buffer> {
  const side = 24;
  const frame = side * side * 3;
  const pixels = Buffer.alloc(frames * frame);
  // Each has a bright spot elsewhere: frames that are alike would become one.
  for (let n = 0; n < frames; n += 1) {
    const spot = n * frame + 3 * (n % 500);
    pixels.fill(255, spot, spot + 30);
  }
  const raw = { width: side, height: side * frames, channels: 3, pageHeight: side } as const;
  return sharp(pixels, { raw })
    [format]({ delay: Array<number>(frames).fill(80), loop: 0 })
    .toBuffer();
}

/** A PNG that says it has so many pixels, and hardly a byte of them. */
export function pixelBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** What stands at the end of a file at which fragile-worker.fixture.ts dies, or falls silent, as a decoder's bug would have it. */
export const DEADLY = 'this one ends the decoder';
export const ENDLESS = 'this one never ends';

export const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
export const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

/** A folder that is gone when `use` is done. */
export async function withFile<T>(bytes: Buffer, use: (paths: Paths) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-spec-'));
  const paths = { input: join(folder, 'raw'), full: join(folder, 'full'), thumb: join(folder, 'thumb') };
  try {
    await writeFile(paths.input, bytes);
    return await use(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
type Paths = { input: string; full: string; thumb: string };
