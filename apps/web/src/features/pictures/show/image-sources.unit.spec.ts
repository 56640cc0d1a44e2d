// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { pictureBox } from '../picture-box.ts';
import { fileName } from './download-picture.ts';
import { imageSources } from './image-sources.ts';
import { imageOf } from './picture-message.fixture.ts';

const sourcesOf = (width: number, height: number) =>
  imageSources(imageOf(1, 1, { width, height, url: 'full', thumbUrl: 'thumb' }), pictureBox({ width, height }));

describe('imageSources', () => {
  it('leaves the choice between thumbnail and whole to the browser, which knows how dense the screen is', () => {
    expect(sourcesOf(1600, 1200)).toEqual({ src: 'thumb', srcSet: 'thumb 640w, full 1600w', sizes: '320px' });
    expect(sourcesOf(1200, 1600)).toEqual({ src: 'thumb', srcSet: 'thumb 480w, full 1200w', sizes: '270px' });
  });

  it('counts the width that a very long picture has where it is cut', () => {
    // 120 px high, so 3,600 px wide: of its thumbnail, 640 x 21, little could be seen.
    expect(sourcesOf(6000, 200).sizes).toBe('3600px');
  });

  it('has no choice where the thumbnail is the whole', () => {
    expect(sourcesOf(300, 200)).toEqual({ src: 'thumb' });
  });
});

describe('fileName', () => {
  it('is when the picture was sent', () => {
    expect(fileName('2026-11-23T09:30:12.345Z', 'image/webp')).toBe('parley-2026-11-23-093012.webp');
  });
});
