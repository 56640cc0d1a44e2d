import { expect, type BrowserContext, type Page } from '@playwright/test';
import { twoInConversation } from './support/conversation.ts';
import { bubble, saidTexts, test, type NewPerson, type Person } from './support/person.ts';
import { pngFile } from './support/picture.ts';
import {
  caption,
  choose,
  expectLoaded,
  holdUploads,
  pending,
  pictures,
  preview,
  storageUrl,
} from './support/pictures.ts';

/** How many files this browser has sent to the object storage. */
function countPuts(context: BrowserContext): () => number {
  let puts = 0;
  context.on('request', (request) => {
    if (request.method() === 'PUT' && request.url().startsWith(storageUrl())) puts += 1;
  });
  return () => puts;
}

const progress = (page: Page) => pending(page).getByRole('progressbar');

/** One picture of Ada's waits; it is her first tab that uploads it, and both show so. */
async function oneOnItsWay(newPerson: NewPerson): Promise<Held> {
  const { ada, bob } = await twoInConversation(newPerson);
  const second = await ada.context.newPage();
  await second.goto(ada.page.url());
  await expect(second.getByLabel('Message', { exact: true })).toBeVisible();
  const puts = countPuts(ada.context);
  const release = await holdUploads(ada.context);
  await choose(ada.page, pngFile('sea.png', 640, 480));
  await caption(ada.page).fill('by the sea');
  await ada.page.keyboard.press('Enter');
  await expect(progress(ada.page)).toHaveAttribute('aria-valuetext', '0 %');
  await expect(progress(second)).toHaveAttribute('aria-valuetext', 'Uploading');
  return { ada, bob, second, puts, release };
}

type Held = { ada: Person; bob: Person; second: Page; puts(): number; release(): Promise<void> };

test('a picture that waits in two tabs is uploaded once, and sent once', async ({ newPerson }) => {
  const { ada, bob, second, puts, release } = await oneOnItsWay(newPerson);
  await release();
  await expectLoaded(bob.page, 1);
  for (const tab of [ada.page, second]) {
    await expectLoaded(tab, 1);
    await expect(pending(tab)).toHaveCount(0);
    expect(await saidTexts(tab)).toEqual(['by the sea']);
  }
  expect(puts()).toBe(1);
  await bob.page.reload();
  await expectLoaded(bob.page, 1);
  expect(await saidTexts(bob.page)).toEqual(['by the sea']);
});

test('the other tab goes on with a picture when the one that uploads it is closed', async ({ newPerson }) => {
  const { ada, bob, second, release } = await oneOnItsWay(newPerson);
  await ada.page.close();
  await expect(progress(second)).toHaveAttribute('aria-valuetext', '0 %');
  await release();
  await expectLoaded(bob.page, 1);
  await expectLoaded(second, 1);
  expect(await saidTexts(bob.page)).toEqual(['by the sea']);
});

test('an upload is cancelled from the other tab', async ({ newPerson }) => {
  const { ada, bob, second, release } = await oneOnItsWay(newPerson);
  await pending(second).getByRole('button', { name: 'Cancel the upload' }).click();
  for (const tab of [ada.page, second]) await expect(pending(tab)).toHaveCount(0);
  await expect(second.getByLabel('Message', { exact: true })).toHaveValue('by the sea');
  await release();
  await second.getByLabel('Message', { exact: true }).fill('without it');
  await second.keyboard.press('Enter');
  await expect(bubble(bob.page, 'without it')).toBeVisible();
  await expect(pictures(bob.page)).toHaveCount(0);
});

test('a picture answers a picture', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  await choose(ada.page, pngFile('sea.png', 640, 480));
  await ada.page.getByRole('button', { name: 'Send' }).click();
  await expectLoaded(bob.page, 1);

  await bob.page.getByRole('article').hover();
  await bob.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await choose(bob.page, pngFile('tall.png', 300, 900));
  await expect(preview(bob.page).getByRole('img')).toHaveCount(1);
  await bob.page.getByRole('button', { name: 'Send' }).click();
  await expectLoaded(ada.page, 2);
  const quote = ada.page.getByRole('button', { name: 'In reply to You: Photo. Go there' });
  await expect(quote.locator('img')).toHaveJSProperty('complete', true);
  await quote.click();
  await expect(ada.page.getByRole('article').first()).toBeInViewport();
  // Once it is stored, too.
  await expect(bob.page.getByRole('button', { name: `In reply to ${ada.name}: Photo. Go there` })).toBeVisible();
});
