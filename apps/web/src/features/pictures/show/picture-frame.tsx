import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { pictureBox, type Size } from '../picture-box.ts';

/** A caption needs some room, also below a narrow picture. CSS pixels. */
const CAPTIONED_LEAST = 220;

/** The box of a picture within a conversation; a captioned one is wide enough for words. */
export function frameBox(size: Size, isCaptioned: boolean): Size {
  const { width, height } = pictureBox(size);
  return { width: isCaptioned ? Math.max(width, CAPTIONED_LEAST) : width, height };
}

/** Where a picture of this size stands in a conversation, before and after it is loaded. Its content lies in it absolutely. */
export function PictureFrame({ size, captioned, children, className }: PictureFrameProps) {
  const { width, height } = frameBox(size, captioned);
  return (
    <div
      className={clsx('relative max-w-full overflow-hidden rounded-[0.8rem]', className)}
      style={{ width, aspectRatio: `${width} / ${height}` }}
    >
      {children}
    </div>
  );
}

type PictureFrameProps = { size: Size; captioned: boolean; children: ReactNode; className?: string };
