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
