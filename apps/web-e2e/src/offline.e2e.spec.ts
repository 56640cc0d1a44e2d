import { expect } from '@playwright/test';
import { freshness, menu, openMenu, twoInConversation } from './support/conversation.ts';
import { bubble, chatRow, openChatWith, register, saidTexts, say, tick, test } from './support/person.ts';

test('what is written offline is sent after coming back, once and in order', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await register(ada);
  await register(bob);
  await ada.page.goto('/chats');
  await bob.page.goto('/chats');
  await openChatWith(ada.page, bob);
  await say(ada.page, 'before');
  await expect(tick(ada.page, 'before')).toHaveAccessibleName('Delivered');
  await chatRow(bob.page, ada).click();
  await expect(tick(ada.page, 'before')).toHaveAccessibleName('Seen');

  await ada.context.setOffline(true);
  const written = ['one', 'two', 'three', 'four'];
  for (const text of written) await say(ada.page, text);
  await expect(ada.page.getByText('You’re offline.').locator('visible=true')).toBeVisible();
  for (const text of written) await expect(tick(ada.page, text)).toHaveAccessibleName('Waiting to be sent');
  await say(bob.page, 'meanwhile');
  await expect(tick(bob.page, 'meanwhile')).toHaveAccessibleName('Sent');

  await ada.context.setOffline(false);
  for (const text of written) await expect(tick(ada.page, text)).toHaveAccessibleName('Seen');
  const all = ['before', 'meanwhile', ...written];
  await expect.poll(() => saidTexts(bob.page)).toEqual(all);
  await expect.poll(() => saidTexts(ada.page)).toEqual(all);
  await expect(tick(bob.page, 'meanwhile')).toHaveAccessibleName('Seen');
});

test('what was not sent yet survives a reload', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await register(ada);
  await register(bob);
  await ada.page.goto('/chats');
  await openChatWith(ada.page, bob);
  // Only sending is cut off, so that the page itself can load again.
  await ada.page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await ada.context.route(/socket\.io|chat\/message/, (route) => route.abort());
  await ada.page.reload();
  await expect(ada.page.getByRole('heading', { name: bob.name })).toBeVisible();
  await ada.context.unroute(/socket\.io|chat\/message/);
  await ada.context.route(/socket\.io/, (route) => route.abort());
  await ada.context.route('**/api/v1/chat/message', (route) => route.abort());
  await expect(ada.page.getByLabel('Message', { exact: true })).toBeVisible();
  for (const text of ['first', 'second']) await say(ada.page, text);
  await expect(tick(ada.page, 'second')).toHaveAccessibleName('Waiting to be sent');
  await ada.page.reload();
  await expect(tick(ada.page, 'first')).toHaveAccessibleName('Waiting to be sent');

  await ada.context.unrouteAll();
  await expect(tick(ada.page, 'second')).toHaveAccessibleName('Sent', { timeout: 30_000 });
  await bob.page.goto('/chats');
  await chatRow(bob.page, ada).click();
  await expect(bubble(bob.page, 'second')).toBeVisible();
  expect(await saidTexts(bob.page)).toEqual(['first', 'second']);
});

test('a change that can’t be made without a network says so, and its text stays until it can', async ({
  newPerson,
}) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page } = ada;
  await say(page, 'a mistake');
  await expect(tick(page, 'a mistake')).toHaveAccessibleName('Seen');
  await ada.context.setOffline(true);

  await openMenu(page, 'a mistake');
  await menu(page).getByRole('button', { name: 'red heart' }).click();
  await expect(page.getByText('You seem to be offline.')).toBeVisible();
  await openMenu(page, 'a mistake');
  await menu(page).getByRole('button', { name: 'Edit' }).click();
  const box = page.getByLabel('Edited message');
  await box.fill('no mistake');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'You seem to be offline.' })).toBeVisible();
  await expect(box).toHaveValue('no mistake');

  await ada.context.setOffline(false);
  await expect(freshness(page)).toHaveAttribute('data-state', 'live');
  await expect(box).toHaveValue('no mistake');
  await box.press('Enter');
  await expect(bubble(bob.page, 'no mistake')).toContainText('edited');
});
