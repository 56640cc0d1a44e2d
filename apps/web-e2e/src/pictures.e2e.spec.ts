import { controlStack } from '@parley/stack';
import { expect } from '@playwright/test';
import { env } from './env.ts';
import { twoInConversation } from './support/conversation.ts';
import { bubble, saidTexts, say, test, tick } from './support/person.ts';
import { longGifFile, noisyPngFile, pngFile } from './support/picture.ts';
import {
  caption,
  choose,
  expectLoaded,
  giveFile,
  holdUploads,
  loadedPictures,
  pending,
  pictures,
  preview,
  storageUrl,
} from './support/pictures.ts';

const MIB = 1024 * 1024;
const HEALED_WITHIN_MS = 60_000;

test('two people exchange pictures: chosen with a caption, pasted, dropped', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  await choose(ada.page, pngFile('sea.png', 640, 480), pngFile('tall.png', 300, 900));
  await expect(preview(ada.page).getByRole('img')).toHaveCount(2);
  await caption(ada.page).fill('by the sea');
  await ada.page.keyboard.press('Enter');
  await expect(preview(ada.page)).toHaveCount(0);
  await expectLoaded(bob.page, 2);
  await expectLoaded(ada.page, 2);
  // The caption is that of the first.
  await expect(bubble(bob.page, 'by the sea').locator('[data-picture]')).toHaveCount(1);
  await expect(bob.page.getByRole('article').first().locator('[dir=auto]')).toHaveText('by the sea');

  await giveFile(bob.page, pngFile('pasted.png', 200, 200), 'paste');
  await expect(preview(bob.page).getByRole('img')).toHaveCount(1);
  await bob.page.getByRole('button', { name: 'Send' }).click();
  await expectLoaded(ada.page, 3);

  await giveFile(ada.page, pngFile('dropped.png', 500, 300), 'drop');
  await expect(preview(ada.page).getByRole('img')).toHaveCount(1);
  await ada.page.getByRole('button', { name: 'Send' }).click();
  await expectLoaded(bob.page, 4);
  await expect(ada.page.getByRole('article').last().getByRole('img', { name: 'Seen' })).toBeVisible();
});

test('a picture is a preview first and then there in full', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await bob.context.route(`${storageUrl()}/**`, async (route) => {
    await released;
    await route.continue();
  });
  await choose(ada.page, pngFile('sea.png', 800, 600));
  await ada.page.getByRole('button', { name: 'Send' }).click();
  await expect(pictures(bob.page)).toHaveCount(1, { timeout: 30_000 });
  await expect(bob.page.getByRole('article').locator('canvas')).toBeVisible();
  await expect(loadedPictures(bob.page)).toHaveCount(0);
  const before = await pictures(bob.page).boundingBox();
  release();
  await expectLoaded(bob.page, 1);
  expect(await pictures(bob.page).boundingBox()).toEqual(before);
});

test('what is written behind a picture waits for it, and a reload in the middle of its upload loses nothing', async ({
  newPerson,
}) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const release = await holdUploads(ada.context);
  await choose(ada.page, pngFile('sea.png', 640, 480));
  await caption(ada.page).fill('first the picture');
  await ada.page.keyboard.press('Enter');
  await say(ada.page, 'then the text');
  await expect(pending(ada.page)).toHaveCount(1);
  await expect(pending(ada.page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', /\d/);
  await expect(tick(ada.page, 'then the text')).toHaveAccessibleName('Waiting to be sent');

  await ada.page.reload();
  await expect(pending(ada.page)).toHaveCount(1);
  await expect.poll(() => saidTexts(ada.page)).toEqual(['first the picture', 'then the text']);
  await release();
  await expect
    .poll(() => saidTexts(bob.page), { timeout: HEALED_WITHIN_MS })
    .toEqual(['first the picture', 'then the text']);
  await expectLoaded(bob.page, 1);
  await expectLoaded(ada.page, 1);
  await expect(pending(ada.page)).toHaveCount(0);
});

test('an upload is cancelled: nothing is sent, and the caption stands in the composer again', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const release = await holdUploads(ada.context);
  await choose(ada.page, pngFile('sea.png', 640, 480));
  await caption(ada.page).fill('not this one');
  await ada.page.keyboard.press('Enter');
  await pending(ada.page).getByRole('button', { name: 'Cancel the upload' }).click();
  await expect(pending(ada.page)).toHaveCount(0);
  await expect(ada.page.getByLabel('Message', { exact: true })).toHaveValue('not this one');
  await release();
  await ada.page.getByLabel('Message', { exact: true }).fill('');
  await say(ada.page, 'only this');
  await expect.poll(() => saidTexts(bob.page)).toEqual(['only this']);
  await expect(pictures(bob.page)).toHaveCount(0);
});

test(
  'while the object storage is away a sentence says so, and the picture goes when it is back',
  { tag: '@breaks' },
  async ({ newPerson }) => {
    if (env.stack === undefined) throw new Error('this test needs the stack of `npm test`, which it kills a part of');
    const control = controlStack(env.stack.control);
    const { ada, bob } = await twoInConversation(newPerson);
    await control.kill('s3', 'SIGKILL', { stayDown: true });
    try {
      await choose(ada.page, pngFile('sea.png', 640, 480));
      await caption(ada.page).fill('when it is back');
      await ada.page.keyboard.press('Enter');
      await expect(pending(ada.page)).toContainText('We keep trying', { timeout: 30_000 });
    } finally {
      await control.start('s3');
    }
    await expect(bubble(bob.page, 'when it is back')).toBeVisible({ timeout: HEALED_WITHIN_MS });
    await expectLoaded(bob.page, 1, HEALED_WITHIN_MS);
  },
);

test('what can’t be sent is said beside what can, and the text is kept', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page } = ada;
  await page.getByLabel('Message', { exact: true }).fill('look');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const cut = pngFile('cut.png', 640, 480);
  await choose(
    page,
    { name: 'drawing.png', mimeType: 'image/png', buffer: Buffer.from(svg) },
    { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    { ...cut, buffer: cut.buffer.subarray(0, 60) },
    longGifFile('moving.gif', 10 * MIB + 1),
    pngFile('fine.png', 320, 240),
  );
  const said = page.getByRole('main').getByRole('alert');
  await expect(said).toContainText('“drawing.png” can’t be sent: pictures are JPEG, PNG, WebP, GIF or AVIF.');
  await expect(said).toContainText('“empty.jpg” is empty.');
  await expect(said).toContainText('“cut.png” is damaged or incomplete.');
  await expect(said).toContainText('“moving.gif” has 10.0 MB. A picture may have 10 MB at most.');
  await expect(preview(page).getByRole('img')).toHaveCount(1);
  await expect(caption(page)).toHaveValue('look');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(bubble(bob.page, 'look').locator('[data-picture=loaded]')).toHaveCount(1, { timeout: 30_000 });
});

test('a picture that the server refuses stays until its author decides, and can be edited', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page, context } = ada;
  const complete = '**/api/v1/chat/uploads/*/complete';
  await context.route(complete, (route) =>
    route.fulfill({
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
    }),
  );
  await choose(page, pngFile('sea.png', 640, 480));
  await caption(page).fill('my words');
  await page.keyboard.press('Enter');
  await expect(pending(page).getByRole('alert')).toContainText('This picture can’t be used. The file is damaged');
  await page.reload();
  await expect(pending(page).getByRole('alert')).toBeVisible();
  // What comes after it goes.
  await say(page, 'meanwhile');
  await expect(bubble(bob.page, 'meanwhile')).toBeVisible();

  await context.unroute(complete);
  await pending(page).getByRole('button', { name: 'Edit' }).click();
  await expect(pending(page)).toHaveCount(0);
  await expect(caption(page)).toHaveValue('my words');
  await expect(preview(page).getByRole('img')).toHaveCount(1);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(bubble(bob.page, 'my words').locator('[data-picture=loaded]')).toHaveCount(1, { timeout: 30_000 });
  expect(await saidTexts(bob.page)).toEqual(['meanwhile', 'my words']);
});

test('a photo of 10 MiB appears as a preview and then in full', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  await choose(ada.page, noisyPngFile('noise.png', 10 * MIB));
  await expect(preview(ada.page).getByRole('img')).toHaveCount(1, { timeout: 30_000 });
  const began = Date.now();
  await ada.page.getByRole('button', { name: 'Send' }).click();
  await expect(pictures(bob.page)).toHaveCount(1, { timeout: HEALED_WITHIN_MS });
  const arrived = Date.now();
  await expectLoaded(bob.page, 1, HEALED_WITHIN_MS);
  const loaded = Date.now();
  console.log(`10 MiB: stored and told after ${arrived - began} ms, in full ${loaded - arrived} ms later`);
});
