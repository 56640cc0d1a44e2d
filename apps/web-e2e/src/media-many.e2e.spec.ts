import { expect } from '@playwright/test';
import { register, test } from './support/person.ts';
import { pngFile } from './support/picture.ts';
import { seedPicture } from './support/seed-picture.ts';
import { seedChat } from './support/seed.ts';

const COUNT = 720;
const DAY_MS = 24 * 60 * 60_000;

test('a media page of many hundred pictures draws only what is in view', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  const chatId = await seedChat(adaAuth, bobAuth);
  const one = await seedPicture(bobAuth, chatId, pngFile('x', 300, 200));
  const { page } = ada;
  // One picture over and over, in the place of hundreds that nobody would upload for a test.
  await ada.context.route('**/api/v1/chat/media/*', async (route) => {
    const { searchParams } = new URL(route.request().url());
    const before = Number(searchParams.get('before') ?? COUNT + 1);
    const first = Math.max(1, before - Number(searchParams.get('limit')));
    const messages = Array.from({ length: before - first }, (_, n) => {
      const seq = before - 1 - n;
      const id = `${one.id.slice(0, -6)}${seq.toString(16).padStart(6, '0')}`;
      const createdAt = new Date(Date.parse(one.createdAt) - ((COUNT - seq) * DAY_MS) / 10).toISOString();
      return { ...one, id, seq, createdAt };
    });
    const headers = { 'access-control-allow-origin': new URL(page.url()).origin };
    await route.fulfill({
      headers: { ...headers, 'access-control-allow-credentials': 'true' },
      json: { messages, hasMore: first > 1 },
    });
  });
  await page.goto(`/chats/${chatId}/media`);
  const cells = page.getByRole('main', { name: 'Media' }).locator('[data-cell]');
  await expect(cells.first()).toHaveAttribute('data-picture', 'loaded');
  await expect(async () => {
    await cells.last().evaluate((cell) => cell.scrollIntoView());
    expect(await cells.count()).toBe(COUNT);
  }).toPass({ intervals: [50], timeout: 90_000 });

  const drawn = () =>
    cells.evaluateAll((all) => all.filter((cell) => cell.checkVisibility({ contentVisibilityAuto: true })).length);
  await expect.poll(drawn).toBeLessThan(COUNT / 6);
  expect(await drawn()).toBeGreaterThan(0);
  // What is drawn on the way gets its real height only then: whoever wants to see the end scrolls once more.
  await expect(async () => {
    await cells.last().evaluate((cell) => cell.scrollIntoView());
    await expect(cells.last()).toBeInViewport({ ratio: 1, timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(cells.last()).toHaveAttribute('data-picture', 'loaded');

  await cells.nth(COUNT - 2).focus();
  await page.keyboard.press('ArrowRight');
  await expect(cells.last()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(cells.last()).not.toBeFocused();
});
