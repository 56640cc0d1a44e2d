import { IMAGE_BYTES_MAX } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { checkPicture, type CheckedPicture, type PictureTools } from './check-picture.ts';

const PNG = '\x89PNG\r\n\x1a\n';
const GIF = 'GIF89a';
const fileOf = (start: string, bytes = start.length) => {
  const all = new Uint8Array(bytes);
  all.set(Uint8Array.from(start, (sign) => sign.charCodeAt(0)));
  return new Blob([all], { type: 'text/plain' });
};
const tools = (o: Partial<PictureTools> = {}): PictureTools => ({
  measure: () => Promise.resolve({ width: 40, height: 30 }),
  shrink: () => Promise.resolve(undefined),
  ...o,
});

describe('checkPicture', () => {
  it('goes by what a file is and not by what it is called', async () => {
    const check = await checkPicture(fileOf(PNG), 'a.txt', tools());
    expect(check).toMatchObject({ picture: { contentType: 'image/png', width: 40, height: 30 } });
    const { file } = (check as { picture: CheckedPicture }).picture;
    expect([file.type, file.size]).toEqual(['image/png', PNG.length]);
  });

  it('says what is wrong with a file', async () => {
    const problemOf = async (file: Blob, o?: Partial<PictureTools>) => checkPicture(file, 'it', tools(o));
    expect(await problemOf(fileOf(''))).toEqual({ problem: '“it” is empty.' });
    expect(await problemOf(fileOf('<svg/>'))).toEqual({
      problem: '“it” can’t be sent: pictures are JPEG, PNG, WebP, GIF or AVIF.',
    });
    const measure = () => Promise.reject(new Error('no picture'));
    expect(await problemOf(fileOf(PNG), { measure })).toEqual({ problem: '“it” is damaged or incomplete.' });
    const arrayBuffer = () => Promise.reject(new Error('moved away'));
    expect(await problemOf(Object.assign(fileOf(PNG), { arrayBuffer }))).toEqual({ problem: '“it” can’t be read.' });
  });

  it('makes smaller what is too big, and says so where that can’t be done', async () => {
    const [fits, big] = [fileOf(GIF, IMAGE_BYTES_MAX), fileOf(GIF, IMAGE_BYTES_MAX + 1)];
    const smaller: CheckedPicture = { file: fits, contentType: 'image/webp', width: 4, height: 3 };
    const shrink = () => Promise.resolve(smaller);
    expect(await checkPicture(big, 'big', tools({ shrink }))).toEqual({ picture: smaller });
    expect(await checkPicture(fits, 'fits', tools({ shrink }))).toMatchObject({
      picture: { contentType: 'image/gif' },
    });
    expect(await checkPicture(big, 'big', tools())).toEqual({
      problem: '“big” has 10.0 MB. A picture may have 10 MB at most.',
    });
    const measure = () => Promise.resolve({ width: 10_000, height: 5_001 });
    expect(await checkPicture(fits, 'wide', tools({ measure }))).toEqual({
      problem: '“wide” has more than 50 megapixels.',
    });
  });
});
