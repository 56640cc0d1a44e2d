import { expect, type Page, type TestInfo } from '@playwright/test';
import { env } from './env.ts';
import { bubble, register, say, test } from './support/person.ts';
import { movingGifFile, pngFile } from './support/picture.ts';
import { caption, choose, holdUploads, loadedPictures, pending, preview, storageUrl } from './support/pictures.ts';
import { seedPicture } from './support/seed-picture.ts';
import { seedChat, seedMessage } from './support/seed.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const NOT_PICTURES = [
  { name: `${'a-very-long-name-'.repeat(6)}.png`, mimeType: 'image/png', buffer: Buffer.from('<svg/>') },
  { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
];

/** Nothing is wider than the page; what it looks like is kept among the results of the run. */
const looker = (page: Page, info: TestInfo) => {
  let taken = 0;
  return async (name: string) => {
    taken += 1;
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(width, `${name} is too wide`).toBeLessThanOrEqual(0);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = info.outputPath(`${`${taken}`.padStart(2, '0')}-${name}-${colorScheme}.png`);
      // The colours change slowly, and are wanted as they are then.
      await page.screenshot({ path, animations: 'disabled' });
    }
  };
};

/** A file comes over the conversation, or leaves it again. */
const drag = (page: Page, type: 'dragenter' | 'dragleave') =>
  page.evaluate((event) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    document.querySelector('main')?.dispatchEvent(new DragEvent(event, { bubbles: true, dataTransfer }));
  }, type);

const rejected = {
  status: 422,
  contentType: 'application/problem+json',
  headers: { 'access-control-allow-origin': env.baseUrl, 'access-control-allow-credentials': 'true' },
  json: {
    type: 'about:blank',
    title: 'Unprocessable',
    status: 422,
    code: 'image_rejected',
    detail: 'The file is damaged or incomplete, or no such picture.',
    requestId: 'r',
  },
};

for (const viewport of SIZES) {
  test(`pictures fit at ${viewport.width} px in light and dark`, async ({ newPerson }, info) => {
    const ada = await newPerson('Ada Lovelace', { viewport, colorScheme: 'light' });
    const bob = await newPerson('Bob Kahn');
    const { page, context } = ada;
    const look = looker(page, info);
    const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
    const chatId = await seedChat(adaAuth, bobAuth);

    await test.step('in a conversation', async () => {
      const words = 'The coast at seven in the evening, just before the rain came';
      const { seq } = await seedPicture(bobAuth, chatId, pngFile('wide', 1280, 720), { text: words });
      await seedPicture(adaAuth, chatId, pngFile('tall', 400, 1000));
      await seedPicture(bobAuth, chatId, pngFile('tiny', 16, 16));
      await seedPicture(adaAuth, chatId, pngFile('panorama', 1500, 200), { text: 'Panorama' });
      await seedPicture(bobAuth, chatId, movingGifFile('moving', 320, 200));
      await seedMessage(adaAuth, chatId, 'Nice!');
      await seedPicture(bobAuth, chatId, pngFile('answer', 300, 300), { text: 'and this', replyToSeq: seq });
      await page.goto('/chats');
      await look('list');
      await page.goto(`/chats/${chatId}`);
      await expect(loadedPictures(page).first()).toBeInViewport();
      await look('beginning');
      await page.getByRole('button', { name: /^Jump to the latest/ }).click();
      await expect(bubble(page, 'and this').locator('[data-picture=loaded]')).toBeInViewport();
      await look('end');
    });

    await test.step('in the composer', async () => {
      await bubble(page, 'and this').hover();
      await bubble(page, 'and this').getByRole('button', { name: 'Reply', exact: true }).click();
      await choose(page, pngFile('sea.png', 640, 480));
      await expect(preview(page).getByRole('img')).toHaveCount(1);
      await look('one-chosen');
      const more = [1, 2, 3, 4, 5].map((n) => pngFile(`${n}.png`, 100 * n, 300));
      await choose(page, ...more, ...NOT_PICTURES);
      await expect(preview(page).getByRole('img')).toHaveCount(6);
      await caption(page).fill('Some words with all of these pictures');
      await look('many-chosen');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByLabel('Message', { exact: true }).fill('');
      const overlay = page.getByText('Drop pictures to send them');
      await drag(page, 'dragenter');
      await expect(overlay).toBeVisible();
      await look('dragged');
      await drag(page, 'dragleave');
      await expect(overlay).toHaveCount(0);
    });

    await test.step('on their way', async () => {
      const release = await holdUploads(context);
      await choose(page, pngFile('sea.png', 640, 480), pngFile('tiny.png', 20, 20), pngFile('next.png', 30, 30));
      await expect(preview(page).getByRole('img')).toHaveCount(3);
      await page.getByRole('button', { name: 'Send' }).click();
      await say(page, 'and a text behind');
      await expect(pending(page)).toHaveCount(3);
      await look('uploading');
      await release();
      await expect(pending(page)).toHaveCount(0, { timeout: 30_000 });
    });

    await test.step('stopped', async () => {
      await context.route(`${storageUrl()}/**`, (route) => route.abort());
      await choose(page, pngFile('tiny.png', 60, 60));
      await page.getByRole('button', { name: 'Send' }).click();
      const trouble = pending(page).getByText('No connection for the upload. We keep trying.');
      await expect(trouble).toBeInViewport({ ratio: 1, timeout: 30_000 });
      await look('stopped');
      await pending(page).getByRole('button', { name: 'Cancel the upload' }).click();
      await expect(pending(page)).toHaveCount(0);
      await context.unroute(`${storageUrl()}/**`);
    });

    await test.step('refused', async () => {
      await context.route('**/api/v1/chat/uploads/*/complete', (route) => route.fulfill(rejected));
      await choose(page, pngFile('sea.png', 640, 480));
      await caption(page).fill('my words');
      await page.keyboard.press('Enter');
      // What tells of it makes the conversation longer, and is in view all the same.
      const discard = pending(page).getByRole('button', { name: 'Discard' });
      await expect(discard).toBeInViewport({ ratio: 1, timeout: 30_000 });
      await look('refused');
      await discard.click();
      await context.unroute('**/api/v1/chat/uploads/*/complete');
    });

    await test.step('in full, and all together', async () => {
      await page.getByTitle('Details').click();
      await expect(page.getByRole('button', { name: /^Photo from/ }).first()).toBeVisible();
      await look('details');
      await page.getByRole('link', { name: 'See all' }).click();
      const media = page.getByRole('main', { name: 'Media' });
      await expect(media.locator('[data-picture=loaded]')).toHaveCount(9);
      await look('media');
      await media.locator('[data-picture=loaded]').last().click();
      await expect(page.locator('.yarl__slide_current img.yarl__slide_image')).toHaveJSProperty('complete', true);
      await look('viewer');
      await page.keyboard.press('Escape');
    });

    await test.step('one’s own', async () => {
      await page.goto('/settings');
      await page.getByLabel('Your picture').setInputFiles(pngFile('me.png', 600, 400));
      await expect(page.locator('form img')).toBeVisible();
      await look('settings');
      await page.getByLabel('Your picture').setInputFiles(NOT_PICTURES[0] ?? []);
      await expect(page.getByText('can’t be sent')).toBeVisible();
      await look('settings-refused');
    });
  });
}
