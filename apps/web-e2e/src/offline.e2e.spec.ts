import { expect } from '@playwright/test';
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
