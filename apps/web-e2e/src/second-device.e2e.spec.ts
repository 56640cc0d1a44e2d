import { expect } from '@playwright/test';
import {
  bubble,
  chatRow,
  openChatWith,
  register,
  saidTexts,
  say,
  signInWithForm,
  tick,
  test,
} from './support/person.ts';

test('a second device of the same person stays in step', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await register(ada);
  await register(bob);
  await ada.page.goto('/chats');
  await bob.page.goto('/chats');
  await openChatWith(ada.page, bob);
  await say(ada.page, 'from the desk');

  const { page: phone } = await newPerson('Ada on the way', { viewport: { width: 390, height: 844 } });
  await signInWithForm(phone, ada.username);
  await chatRow(phone, bob).click();
  await expect(bubble(phone, 'from the desk')).toBeVisible();
  await say(phone, 'from the phone');
  await expect(tick(ada.page, 'from the phone')).toHaveAccessibleName('Delivered');

  await chatRow(bob.page, ada).click();
  for (const page of [ada.page, phone]) {
    await expect(tick(page, 'from the phone')).toHaveAccessibleName('Seen');
    expect(await saidTexts(page)).toEqual(['from the desk', 'from the phone']);
  }

  await phone.getByRole('link', { name: 'Back to chats' }).click();
  await ada.page.getByRole('link', { name: 'Settings' }).click();
  await say(bob.page, 'for both');
  for (const page of [ada.page, phone]) await expect(chatRow(page, bob)).toContainText('1 unread');
  await chatRow(phone, bob).click();
  await expect(chatRow(ada.page, bob)).not.toContainText('unread');
});
