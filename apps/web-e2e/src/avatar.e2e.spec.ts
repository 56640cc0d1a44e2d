import { expect } from '@playwright/test';
import { openChatWith, register, test } from './support/person.ts';
import { noisyPngFile, pngFile } from './support/picture.ts';

test('a picture of oneself is seen by the other, changed and taken away', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await register(ada);
  await register(bob);
  const own = ada.page.locator('form img');
  await ada.page.goto('/settings');
  const picker = ada.page.getByLabel('Your picture');

  await picker.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
  await expect(ada.page.getByText('can’t be sent')).toBeVisible();
  await expect(own).toHaveCount(0);

  await picker.setInputFiles(pngFile('me.png', 600, 400));
  await expect(own).toBeVisible();
  await expect.poll(() => own.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(256);
  const first = await own.getAttribute('src');

  await bob.page.goto('/chats');
  await openChatWith(bob.page, ada);
  const seen = bob.page.locator('header img').first();
  await expect(seen).toBeVisible();
  await expect.poll(() => seen.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(256);

  await picker.setInputFiles(noisyPngFile('other.png', 200_000));
  await expect.poll(() => own.getAttribute('src')).not.toBe(first);
  await ada.page.getByRole('button', { name: 'Remove' }).click();
  await expect(own).toHaveCount(0);
  await ada.page.reload();
  await expect(ada.page.getByRole('button', { name: 'Add picture' })).toBeVisible();
  await bob.page.reload();
  await expect(bob.page.getByRole('heading', { name: ada.name })).toBeVisible();
  await expect(bob.page.locator('header img')).toHaveCount(0);
});

test('another’s new picture and name are seen by somebody who comes back to the page', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await register(ada);
  await register(bob);
  await bob.page.goto('/chats');
  await openChatWith(bob.page, ada);
  await ada.page.goto('/settings');
  await ada.page.getByLabel('Your picture').setInputFiles(pngFile('me.png', 600, 400));
  await expect(ada.page.locator('form img')).toBeVisible();
  await ada.page.getByLabel('Name', { exact: true }).fill('Ada King');
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText('Saved.')).toBeVisible();

  // What was read just now is not read again at once.
  await expect(async () => {
    await bob.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect(bob.page.getByRole('heading', { name: 'Ada King' })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 40_000 });
  await expect(bob.page.locator('header img').first()).toBeVisible();
  await expect(bob.page.getByRole('list', { name: 'Chats' }).locator('img')).toBeVisible();
});
