import { expect, type Page } from '@playwright/test';
import { openMenu } from './support/conversation.ts';
import { bubble, chatRow, register, say, test, tick, type NewPerson } from './support/person.ts';
import { pngFile } from './support/picture.ts';
import { loadedPictures, pictures, storageUrl } from './support/pictures.ts';
import { seedPicture } from './support/seed-picture.ts';
import { seedChat, seedMessages } from './support/seed.ts';

const viewer = (page: Page) => page.getByRole('dialog', { name: 'Photos' }).first();
/** What was said with the picture that is looked at. */
const shownCaption = (page: Page) => viewer(page).locator('p[dir=auto]');
const shownPicture = (page: Page) => viewer(page).locator('.yarl__slide_current img.yarl__slide_image');
const thumbs = (page: Page) => page.getByRole('main', { name: 'Media' }).getByRole('button', { name: /^Photo from/ });

async function adaAndBob(newPerson: NewPerson, options: Parameters<NewPerson>[1] = {}) {
  const ada = await newPerson('Ada Lovelace', options);
  const bob = await newPerson('Bob Kahn');
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  return { ada, bob, adaAuth, bobAuth, chatId: await seedChat(adaAuth, bobAuth), page: ada.page };
}

test('pictures open in full by a key, and one goes through all of them, loaded or not', async ({ newPerson }) => {
  const { page, adaAuth, bobAuth, chatId } = await adaAndBob(newPerson);
  await seedPicture(bobAuth, chatId, pngFile('a', 640, 480), { text: 'first' });
  await seedPicture(adaAuth, chatId, pngFile('b', 300, 900), { text: 'second' });
  await seedMessages([adaAuth, bobAuth], chatId, 70);
  await seedPicture(bobAuth, chatId, pngFile('c', 800, 200), { text: 'third' });
  const last = await seedPicture(adaAuth, chatId, pngFile('d', 500, 500), { text: 'fourth' });
  await page.goto(`/chats/${chatId}`);
  const opener = bubble(page, 'fourth').locator('button[data-picture=loaded]');

  await test.step('opened by a key, and named', async () => {
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect(shownCaption(page)).toHaveText('fourth');
    await expect(viewer(page).getByText('You', { exact: true })).toBeVisible();
    await expect(shownPicture(page)).toHaveAttribute('src', last.image?.url ?? '');
    await expect(viewer(page).getByRole('button', { name: 'Next' })).toBeDisabled();
  });

  await test.step('back to the first, which the conversation has not loaded, and forward again', async () => {
    for (const text of ['third', 'second', 'first']) {
      await expect(viewer(page).getByRole('button', { name: 'Previous' })).toBeEnabled();
      await page.keyboard.press('ArrowLeft');
      await expect(shownCaption(page)).toHaveText(text);
    }
    await expect(viewer(page).getByText('Bob Kahn')).toBeVisible();
    await expect(viewer(page).getByRole('button', { name: 'Previous' })).toBeDisabled();
    await viewer(page).getByRole('button', { name: 'Next' }).click();
    await expect(shownCaption(page)).toHaveText('second');
  });

  await test.step('nearer and further by keys and by a double click', async () => {
    const width = async () => Math.round((await shownPicture(page).boundingBox())?.width ?? 0);
    await expect(shownPicture(page)).toBeVisible();
    const fitting = await width();
    await page.keyboard.press('+');
    await expect.poll(width).toBeGreaterThan(fitting);
    await page.keyboard.press('-');
    await expect.poll(width).toBe(fitting);
    await shownPicture(page).dblclick();
    await expect.poll(width).toBeGreaterThan(fitting);
  });

  await test.step('kept as a file', async () => {
    const download = page.waitForEvent('download');
    await viewer(page).getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/^parley-\d{4}-\d\d-\d\d-\d{6}\.png$/);
  });

  await test.step('closed by a key, and focus is where it was', async () => {
    await page.keyboard.press('Escape');
    await expect(viewer(page)).toHaveCount(0);
    await expect(opener).toBeFocused();
  });

  await test.step('from a picture to the place where it was sent', async () => {
    await opener.click();
    for (const text of ['third', 'second']) {
      await expect(viewer(page).getByRole('button', { name: 'Previous' })).toBeEnabled();
      await page.keyboard.press('ArrowLeft');
      await expect(shownCaption(page)).toHaveText(text);
    }
    await viewer(page).getByRole('button', { name: 'Show in conversation' }).click();
    await expect(viewer(page)).toHaveCount(0);
    await expect(bubble(page, 'second')).toBeInViewport();
  });
});

test('all pictures of a chat are on one page: from the details, by its address, by keys, page by page', async ({
  newPerson,
}) => {
  const { ada, bob, page, adaAuth, bobAuth, chatId } = await adaAndBob(newPerson);
  const COUNT = 66;
  for (let n = 1; n <= COUNT; n += 1) {
    await seedPicture(n % 2 === 0 ? adaAuth : bobAuth, chatId, pngFile('x', 40 + n, 40), { text: `picture ${n}` });
  }
  await page.goto('/chats');
  await chatRow(page, bob).click();
  await expect(loadedPictures(page).last()).toBeVisible();

  await test.step('from the details', async () => {
    await page.getByTitle('Details').click();
    const details = page.getByRole('dialog', { name: 'Details of this conversation' });
    await expect(details.getByRole('button', { name: /^Photo from/ })).toHaveCount(4);
    // Over the details, and back to them.
    await details.getByRole('button', { name: /^Photo from/ }).first().click(); // prettier-ignore
    await expect(shownCaption(page)).toHaveText(`picture ${COUNT}`);
    await page.keyboard.press('Escape');
    await expect(viewer(page)).toHaveCount(0);
    await details.getByRole('link', { name: 'See all' }).click();
    await expect(page).toHaveURL(new RegExp(`${chatId}/media$`));
    await expect(details).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 2 })).toHaveCount(1);
  });

  await test.step('page by page, as one scrolls', async () => {
    await expect(thumbs(page).first()).toHaveAttribute('data-picture', 'loaded');
    await thumbs(page).last().scrollIntoViewIfNeeded();
    await expect(thumbs(page)).toHaveCount(COUNT);
    await expect(thumbs(page).last()).toHaveAccessibleName('Photo from Bob Kahn, Today');
    await expect(thumbs(page).nth(COUNT - 2)).toHaveAccessibleName('Photo from you, Today');
  });

  await test.step('by keys', async () => {
    await thumbs(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await expect(thumbs(page).nth(1)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(shownCaption(page)).toHaveText(`picture ${COUNT - 1}`);
    await page.keyboard.press('ArrowRight');
    await expect(shownCaption(page)).toHaveText(`picture ${COUNT}`);
    await page.keyboard.press('Escape');
    await expect(thumbs(page).nth(1)).toBeFocused();
  });

  await test.step('the browser’s history and the address lead there', async () => {
    await page.goBack();
    await expect(page.getByRole('main', { name: 'Media' })).toHaveCount(0);
    await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
    await page.goForward();
    await expect(thumbs(page).first()).toBeVisible();
    await page.reload();
    await expect(thumbs(page).first()).toHaveAttribute('data-picture', 'loaded');
    expect(new URL(page.url()).pathname).toBe(`/chats/${chatId}/media`);
  });

  await test.step('what is sent and deleted meanwhile; and nobody has seen what lay behind the page', async () => {
    await bob.page.goto(`/chats/${chatId}`);
    await say(bob.page, 'are you there?');
    await expect(tick(bob.page, 'are you there?')).toHaveAccessibleName('Delivered');
    await seedPicture(bobAuth, chatId, pngFile('new', 300, 200), { text: 'new one' });
    await expect(thumbs(page)).toHaveCount(61);
    await openMenu(bob.page, 'new one');
    await bob.page.getByRole('button', { name: 'Delete' }).click();
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(thumbs(page)).toHaveCount(60);
    await expect(tick(bob.page, 'are you there?')).toHaveAccessibleName('Delivered');
    await page.getByRole('link', { name: 'Back to the conversation' }).click();
    await expect(tick(bob.page, 'are you there?')).toHaveAccessibleName('Seen');
  });

  await test.step('at 390 px', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/chats/${chatId}/media`);
    await expect(thumbs(page).first()).toHaveAttribute('data-picture', 'loaded');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await thumbs(page).first().click();
    await expect(shownCaption(page)).toHaveText(`picture ${COUNT}`);
  });
  await ada.context.close();
});

test('a picture has its place before it is there: nothing moves when it comes', async ({ newPerson }) => {
  const { ada, page, adaAuth, chatId } = await adaAndBob(newPerson);
  const shapes = [[900, 600], [300, 900], [20, 20], [2000, 100]] as const; // prettier-ignore
  for (const [width, height] of shapes) await seedPicture(adaAuth, chatId, pngFile('x', width, height));
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await ada.context.route(`${storageUrl()}/**`, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`/chats/${chatId}`);
  await expect(pictures(page)).toHaveCount(shapes.length);
  await expect(page.getByRole('article').last()).toBeInViewport({ ratio: 1 });
  const places = () =>
    pictures(page).evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
  const before = await places();
  // The previews are painted: not one colour only.
  const colours = await page.getByRole('article').first().locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return new Set(Array.from({ length: pixels.length / 4 }, (_, n) => pixels.slice(n * 4, n * 4 + 3).join())).size;
  }); // prettier-ignore
  expect(colours).toBeGreaterThan(20);
  release();
  await expect(loadedPictures(page)).toHaveCount(shapes.length);
  expect(await places()).toEqual(before);
});

test('a picture whose URL no longer works is read again; where that does not help it says so and is tried again', async ({
  newPerson,
}) => {
  const { ada, page, bobAuth, chatId } = await adaAndBob(newPerson);
  await seedPicture(bobAuth, chatId, pngFile('x', 1000, 750));
  const pattern = `${storageUrl()}/**`;

  let refused = 0;
  await ada.context.route(pattern, async (route) => {
    refused += 1;
    if (refused === 1) await route.fulfill({ status: 403, body: 'Request has expired' });
    else await route.continue();
  });
  await page.goto(`/chats/${chatId}`);
  await expect(loadedPictures(page)).toHaveCount(1);
  expect(refused).toBeGreaterThan(1);
  await ada.context.unroute(pattern);

  await ada.context.route(pattern, (route) => route.fulfill({ status: 503, body: 'away' }));
  // A page that has nothing in store.
  await page.goto('about:blank');
  await page.goto(`/chats/${chatId}`);
  const retry = page.getByRole('button', { name: 'Photo from Bob Kahn couldn’t be loaded. Tap to retry' });
  await expect(retry).toBeVisible();
  await expect(page.getByRole('article').locator('canvas')).toBeVisible();
  await ada.context.unroute(pattern);
  await retry.click();
  await expect(loadedPictures(page)).toHaveCount(1);

  // The same for the whole, which is first loaded when it is looked at.
  await ada.context.route(pattern, (route) => route.fulfill({ status: 403, body: 'Request has expired' }));
  await loadedPictures(page).click();
  await expect(viewer(page).getByRole('alert')).toContainText('The photo couldn’t be loaded.');
  await ada.context.unroute(pattern);
  await viewer(page).getByRole('button', { name: 'Try again' }).click();
  await expect(viewer(page).getByRole('alert')).toHaveCount(0);
  await expect(shownPicture(page)).toHaveJSProperty('complete', true);
  await expect.poll(() => shownPicture(page).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1000);
});

test('who is no member finds no pictures, nor who is not signed in', async ({ newPerson }) => {
  const { page, bobAuth, chatId } = await adaAndBob(newPerson);
  await seedPicture(bobAuth, chatId, pngFile('x', 64, 48));
  const eve = await newPerson('Eve');
  await register(eve);
  await eve.page.goto(`/chats/${chatId}/media`);
  await expect(eve.page.getByText('This conversation doesn’t exist')).toBeVisible();
  await expect(thumbs(eve.page)).toHaveCount(0);
  const nobody = await newPerson('Nobody');
  await nobody.page.goto(`/chats/${chatId}/media`);
  await nobody.page.waitForURL('**/login');
  await page.goto(`/chats/${chatId}/media`);
  await expect(thumbs(page)).toHaveCount(1);
});
