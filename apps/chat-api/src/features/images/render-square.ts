import { IMAGE_PIXELS_MAX } from '@parley/domain';
import sharp from 'sharp';

/** A picture of ours (a thumbnail), and where the avatar made of it goes. */
export type SquareJob = { input: string; square: string };
export type SquareResult = { kind: 'rendered'; bytes: number } | { kind: 'rejected'; reason: string };

/** Three device pixels for each of the 80 that the largest avatar has, and a little more. */
const SIDE = 256;

/**
 * The middle of a picture as a square WebP of 256 pixels a side, of an animation its first frame: lists show dozens of them at once,
 * and nobody chose to see theirs move.
 *
 * @throws the errors of the file system
 */
export async function renderSquare({ input, square }: SquareJob): Promise<SquareResult> {
  try {
    const { size } = await sharp(input, { failOn: 'error', limitInputPixels: IMAGE_PIXELS_MAX })
      .resize({ width: SIDE, height: SIDE, fit: 'cover', position: 'centre' })
      .webp({ quality: 80, effort: 3 })
      .timeout({ seconds: 10 })
      .toFile(square);
    return { kind: 'rendered', bytes: size };
  } catch (error) {
    if (!(error instanceof Error) || 'syscall' in error) throw error;
    return { kind: 'rejected', reason: 'The picture cannot be read.' };
  }
}
