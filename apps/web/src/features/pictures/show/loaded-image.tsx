'use client';
import { clsx } from 'clsx';
import { useLayoutEffect, useRef, type ComponentProps } from 'react';

type LoadedImageProps = Omit<ComponentProps<'img'>, 'onLoad' | 'onError' | 'className'> & {
  isLoaded: boolean;
  /** Shows the first frame only. */
  still: boolean;
  onLoad(): void;
  onError(): void;
};

const LAYER = 'absolute inset-0 size-full object-cover';

/** An image that fills its box and fades in; one that the browser holds already is there at once. */
export function LoadedImage({ isLoaded, still, onLoad, onError, alt, ...rest }: LoadedImageProps) {
  const image = useRef<HTMLImageElement>(null);
  const frame = useRef<HTMLCanvasElement>(null);
  const wasHeld = useRef(false);
  useLayoutEffect(() => {
    if (image.current?.complete !== true || image.current.naturalWidth === 0) return;
    wasHeld.current = true;
    onLoad();
  }, []);
  useLayoutEffect(() => {
    const { current: source } = image;
    if (!still || !isLoaded || source === null || frame.current === null) return;
    frame.current.width = source.naturalWidth;
    frame.current.height = source.naturalHeight;
    // Of what moves, this is the first frame.
    frame.current.getContext('2d')?.drawImage(source, 0, 0);
  }, [still, isLoaded]);
  return (
    <>
      <img
        {...rest}
        ref={image}
        alt={alt}
        decoding="async"
        draggable={false}
        onLoad={onLoad}
        onError={onError}
        className={clsx(
          LAYER,
          isLoaded && !still ? 'opacity-100' : 'opacity-0',
          !wasHeld.current && 'transition-opacity duration-300',
        )}
      />
      {still && isLoaded && <canvas ref={frame} aria-hidden className={LAYER} />}
    </>
  );
}
