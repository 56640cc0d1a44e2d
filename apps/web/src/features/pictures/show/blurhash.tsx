'use client';
import { decode, isBlurhashValid } from 'blurhash';
import { clsx } from 'clsx';
import { memo, useLayoutEffect, useRef } from 'react';
import type { Size } from '../picture-box.ts';

/** Pixels of the long side: a browser blurs the rest, and more tells nothing more. */
const SIDE = 32;
const REMEMBERED = 400;

const decoded = new Map<string, ImageData | null>();

/** A blurred preview of a picture, there before the picture is: painted in the very frame in which it appears, and stretched to fill its box as the picture will. */
export const Blurhash = memo(function Blurhash({ hash, size, className }: { hash: string; size: Size } & Styled) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = shrunk(size);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    const pixels = context === null ? null : pixelsOf(hash, width, height);
    if (pixels !== null) context?.putImageData(pixels, 0, 0);
  }, [hash, width, height]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      aria-hidden
      className={clsx('bg-raised absolute inset-0 size-full object-cover', className)}
    />
  );
});

type Styled = { className?: string };

function shrunk({ width, height }: Size): Size {
  const scale = SIDE / Math.max(width, height, 1);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** null for what is no blurhash. Decoded once, as long as not too many others come between. */
function pixelsOf(hash: string, width: number, height: number): ImageData | null {
  const key = `${hash} ${width} ${height}`;
  const known = decoded.get(key);
  if (known !== undefined) return known;
  const pixels = isBlurhashValid(hash).result ? new ImageData(width, height) : null;
  pixels?.data.set(decode(hash, width, height));
  const [oldest] = decoded.keys();
  if (decoded.size >= REMEMBERED && oldest !== undefined) decoded.delete(oldest);
  decoded.set(key, pixels);
  return pixels;
}
