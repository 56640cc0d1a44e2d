import { describe, expect, it } from 'vitest';
import { pictureBox } from './picture-box.ts';

describe('pictureBox', () => {
  it.each([
    ['a landscape fills the width', [4000, 3000], [320, 240]],
    ['a portrait fills the height', [3000, 4000], [270, 360]],
    ['a small one stays as it is', [200, 150], [200, 150]],
    ['a tiny one is blown up to the least', [1, 1], [120, 120]],
    ['a very long one keeps a narrow side that can be seen', [50_000, 10], [320, 120]],
    ['a very tall one too', [10, 50_000], [120, 360]],
  ])('%s', (_name, [width, height], [boxWidth, boxHeight]) => {
    expect(pictureBox({ width: width!, height: height! })).toEqual({ width: boxWidth, height: boxHeight });
  });
});
