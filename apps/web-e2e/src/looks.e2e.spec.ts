import { expect, type Page } from '@playwright/test';
import { bubble, chatRow, register, say, test } from './support/person.ts';
import { seedChat, seedMessage } from './support/seed.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const LONG = 'a'.repeat(400) + ' https://example.org/' + 'b'.repeat(200);

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

for (const viewport of SIZES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every page fits at ${viewport.width} px in ${colorScheme}`, async ({ newPerson }) => {
      const ada = await newPerson('Ada Lovelace', { viewport, colorScheme });
      const bob = await newPerson('Bartholomew Featherstonehaugh-Cholmondeley');
      const { page } = ada;
      const fits = async () => expect(await overflow(page)).toBe(0);
      for (const path of ['/', '/login', '/register']) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await fits();
      }
      const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
      const chatId = await seedChat(adaAuth, bobAuth);
      await seedMessage(bobAuth, chatId, LONG);
      await page.goto('/chats');
      await expect(chatRow(page, bob)).toBeVisible();
      await fits();
      await chatRow(page, bob).click();
      await expect(page.getByRole('article')).toBeVisible();
      await say(page, LONG.slice(0, 300));
      await expect(bubble(page, LONG.slice(0, 300))).toBeVisible();
      await fits();
      await page.goto('/settings');
      await expect(page.getByLabel('About you')).toBeVisible();
      await fits();
    });
  }
}

test('at 390 px there is one pane at a time, and the browser’s history leads back', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace', { viewport: { width: 390, height: 844 } });
  const bob = await newPerson('Bob Kahn');
  await seedChat(await register(ada), await register(bob));
  const { page } = ada;
  await page.goto('/chats');
  await chatRow(page, bob).click();
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Search people')).toBeHidden();
  await page.goBack();
  await expect(page.getByLabel('Search people')).toBeVisible();
  await page.goForward();
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
});

test('the colour theme follows the device until one is chosen, and the choice stays', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace', { colorScheme: 'light' });
  await register(ada);
  const { page } = ada;
  await page.goto('/settings');
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background(page);
  expect(dark).not.toBe(light);
  await page.getByText('Light', { exact: true }).click();
  await expect.poll(() => background(page)).toBe(light);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();
  expect(await background(page)).toBe(light);
});
