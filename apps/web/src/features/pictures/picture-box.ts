/** A length in pixels: of a picture its own, of a box those of CSS. */
export type Size = { readonly width: number; readonly height: number };

const MOST: Size = { width: 320, height: 360 };
const LEAST = 120;

/**
 * The box in which a conversation shows a picture, known before a byte of it is loaded, so that nothing moves when it comes. The same for one that is on
 * its way and one that is stored. At most 320 x 360 CSS pixels and no larger than the picture; the narrow side is 120 at least, and what a very long or
 * tiny picture lacks is cut off or blown up (`object-fit: cover`). Whole pixels.
 */
export function pictureBox({ width, height }: Size): Size {
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  const fit = (side: number, most: number) => Math.min(most, Math.max(LEAST, Math.round(side * scale)));
  return { width: fit(width, MOST.width), height: fit(height, MOST.height) };
}
