import { expect, type Page } from '@playwright/test';
import { twoInConversation } from './support/conversation.ts';
import { test } from './support/person.ts';
import { expectLoaded, pictures, preview } from './support/pictures.ts';

const MIB = 1024 * 1024;

/**
 * Drops a JPEG as a phone makes it when it is held upright: stored lying, with EXIF's orientation 6. Stored, its left is red and its right is blue; upright,
 * red is above. `noise` makes it large.
 * @returns how many bytes it has
 */
const dropPhoto = (page: Page, photo: { width: number; height: number; noise: number }) =>
  page.evaluate(async ({ width, height, noise }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    for (let top = 0; top < height; top += 100) {
      const strip = new ImageData(width, Math.min(100, height - top));
      for (let at = 0; at < strip.data.length; at += 4) {
        const isLeft = (at / 4) % width < width / 2;
        const grain = () => Math.floor(Math.random() * noise);
        strip.data.set([isLeft ? 255 - grain() : grain(), grain(), isLeft ? grain() : 255 - grain(), 255], at);
      }
      context.putImageData(strip, 0, top);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 });
    const start = [0xff, 0xd8];
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const exif = [0xff, 0xe1, 0, 2 + 6 + tiff.length, ...new TextEncoder().encode('Exif'), 0, 0, ...tiff];
    const file = new File([new Uint8Array([...start, ...exif]), blob.slice(2)], 'IMG_0001.jpg', { type: 'image/jpeg' });
    const transfer = new DataTransfer();
    transfer.items.add(file);
    const init = { bubbles: true, cancelable: true, dataTransfer: transfer };
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.querySelector('main')?.dispatchEvent(new DragEvent(type, init));
    return file.size;
  }, photo);

/** What an image of the page is: its size upright, and its colours a quarter from the top and from the bottom. */
const seen = (page: Page, selector: string) =>
  page.evaluate(async (of) => {
    const image = document.querySelector<HTMLImageElement>(of);
    if (image === null) throw new Error(`no ${of}`);
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    // What the object storage serves can be drawn, but not read again, unless it was fetched.
    const isOwn = image.src.startsWith('blob:');
    const fetched = async () => createImageBitmap(await (await fetch(image.currentSrc, { cache: 'no-store' })).blob());
    context?.drawImage(isOwn ? image : await fetched(), 0, 0, width, height);
    const colour = (y: number) => {
      const [red = 0, , blue = 0] = context?.getImageData(width / 2, Math.floor(y), 1, 1).data ?? [];
      return red > blue ? 'red' : 'blue';
    };
    return { width, height, above: colour(height / 4), below: colour((height * 3) / 4) };
  }, selector);

const CHOSEN = '[aria-label="Pictures to send"] img';
const UPRIGHT = { above: 'red', below: 'blue' };

/** Sends what is chosen. @returns what the server was told of its file */
async function send(page: Page): Promise<{ contentType: string; bytes: number }> {
  const request = page.waitForRequest((one) => one.url().endsWith('/chat/uploads') && one.method() === 'POST');
  await page.getByRole('button', { name: 'Send' }).click();
  return (await request).postDataJSON() as { contentType: string; bytes: number };
}

test('a photo beyond the limits is made smaller, upright, before it is sent', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page } = ada;

  await test.step('too many bytes', async () => {
    expect(await dropPhoto(page, { width: 3200, height: 2400, noise: 200 })).toBeGreaterThan(10 * MIB);
    await expect(preview(page).getByRole('img')).toHaveCount(1, { timeout: 60_000 });
    const { width, height, ...colours } = await seen(page, CHOSEN);
    expect(colours).toEqual(UPRIGHT);
    expect(width / height).toBeCloseTo(3 / 4, 2);
    const { contentType, bytes } = await send(page);
    expect(contentType).toBe('image/jpeg');
    expect(bytes).toBeLessThanOrEqual(10 * MIB);
    await expectLoaded(bob.page, 1, 60_000);
  });

  await test.step('too many pixels', async () => {
    await dropPhoto(page, { width: 8400, height: 6300, noise: 0 });
    await expect(preview(page).getByRole('img')).toHaveCount(1, { timeout: 60_000 });
    const { width, height, ...colours } = await seen(page, CHOSEN);
    expect(width * height).toBeLessThanOrEqual(50_000_000);
    expect(width * height).toBeGreaterThan(45_000_000);
    expect(width / height).toBeCloseTo(3 / 4, 2);
    expect(colours).toEqual(UPRIGHT);
    await page.getByRole('button', { name: 'Remove picture 1' }).click();
  });
});

test('a photo within the limits goes as it is, and is upright for both', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const bytes = await dropPhoto(ada.page, { width: 1200, height: 900, noise: 20 });
  await expect(preview(ada.page).getByRole('img')).toHaveCount(1);
  expect(await seen(ada.page, CHOSEN)).toEqual({ width: 900, height: 1200, ...UPRIGHT });
  expect(await send(ada.page)).toEqual({ contentType: 'image/jpeg', bytes });
  await expectLoaded(ada.page, 1);
  await expectLoaded(bob.page, 1);
  for (const { page } of [ada, bob]) {
    const box = await pictures(page).boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(3 / 4, 1);
    expect(await seen(page, '[data-picture=loaded] img')).toMatchObject(UPRIGHT);
  }
});
