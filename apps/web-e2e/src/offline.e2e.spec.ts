import { expect, type Page } from '@playwright/test';
import { menu, openMenu, twoInConversation } from './support/conversation.ts';
import {
  bubble,
  chatRow,
  openChatWith,
  register,
  saidTexts,
  say,
  signInWithForm,
  test,
  tick,
  type NewPerson,
  type Person,
} from './support/person.ts';

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

/** Cuts off whatever changes messages, and nothing else. @returns what lets it through again */
async function holdChanges({ context }: Person): Promise<() => Promise<void>> {
  const changes = '**/api/v1/chat/message/**';
  await context.route(changes, (route) => (route.request().method() === 'GET' ? route.fallback() : route.abort()));
  return () => context.unroute(changes);
}

/** Another device of Ada's, in the same conversation. */
async function alsoOnPhone(newPerson: NewPerson, ada: Person, bob: Person): Promise<Page> {
  const { page } = await newPerson('Ada on the way');
  await signInWithForm(page, ada.username);
  await chatRow(page, bob).click();
  return page;
}

async function edit(page: Page, text: string, better: string): Promise<void> {
  await openMenu(page, text);
  await menu(page).getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Edited message').fill(better);
  await page.keyboard.press('Enter');
  await expect(bubble(page, better)).toContainText('edited');
}

async function remove(page: Page, text: string): Promise<void> {
  await openMenu(page, text);
  await menu(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: 'Delete message' }).getByRole('button', { name: 'Delete' }).click();
  await expect(bubble(page, text)).toHaveCount(0);
}

test('what is edited, deleted and reacted to offline shows at once, survives a reload, and is done after coming back', async ({
  newPerson,
}) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page } = ada;
  for (const text of ['a mistake', 'too much']) await say(page, text);
  await say(bob.page, 'good news');
  await expect(tick(page, 'too much')).toHaveAccessibleName('Seen');
  await expect(bubble(page, 'good news')).toBeVisible();
  const letThrough = await holdChanges(ada);
  await ada.context.setOffline(true);

  await openMenu(page, 'good news');
  await menu(page).getByRole('button', { name: 'red heart' }).click();
  const heart = bubble(page, 'good news').getByRole('button', { name: 'red heart: You' });
  await edit(page, 'a mistake', 'no mistake');
  await remove(page, 'too much');
  const shown = ['no mistake', 'Message deleted', 'good news'];
  const isWaiting = async () => {
    await expect.poll(() => saidTexts(page)).toEqual(shown);
    await expect(heart).toHaveAttribute('data-waiting', 'true');
    await expect(tick(page, 'no mistake')).toHaveAccessibleName('Waiting to be sent');
  };
  await isWaiting();

  await ada.context.setOffline(false);
  await page.reload();
  await isWaiting();
  expect(await saidTexts(bob.page)).toEqual(['a mistake', 'too much', 'good news']);

  await ada.context.setOffline(true);
  await letThrough();
  await ada.context.setOffline(false);
  for (const one of [page, bob.page]) await expect.poll(() => saidTexts(one), { timeout: 30_000 }).toEqual(shown);
  await expect(bubble(bob.page, 'good news').getByRole('button', { name: 'red heart: Ada Lovelace' })).toBeVisible();
  await expect(bubble(bob.page, 'no mistake')).toContainText('edited');
  await expect(heart).toHaveAttribute('data-waiting', 'false');
  await expect(tick(page, 'no mistake')).toHaveAccessibleName('Seen');
});

test('an edit made offline overwrites no newer one of another device unseen', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page } = ada;
  await say(page, 'a thought');
  const phone = await alsoOnPhone(newPerson, ada, bob);
  await expect(bubble(phone, 'a thought')).toBeVisible();

  const letThrough = await holdChanges(ada);
  // The second is made from the first, which isn't done either: they are no conflict.
  for (const [text, better] of [
    ['a thought', 'a better thought'],
    ['a better thought', 'the best thought'],
  ] as const)
    await edit(page, text, better);
  await letThrough();
  await page.reload();
  await expect(bubble(bob.page, 'the best thought')).toBeVisible({ timeout: 30_000 });
  await expect(tick(page, 'the best thought')).not.toHaveAccessibleName('Waiting to be sent');

  const letThroughAgain = await holdChanges(ada);
  await edit(page, 'the best thought', 'from the desk');
  await edit(phone, 'the best thought', 'from the phone');
  await letThroughAgain();
  await page.reload();
  const refusal = page.getByRole('alert').filter({ hasText: 'You changed this message on another device meanwhile.' });
  await expect(refusal).toBeVisible({ timeout: 30_000 });
  await expect(bubble(page, 'from the phone')).toContainText('from the desk');
  expect(await saidTexts(bob.page)).toEqual(['from the phone']);
  await page.getByRole('button', { name: 'Use this text' }).click();
  for (const one of [page, bob.page, phone]) await expect.poll(() => saidTexts(one)).toEqual(['from the desk']);
  await expect(refusal).toBeHidden();
});

test('the new text of a message that another device deleted meanwhile stays with its author', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  const { page } = ada;
  await say(page, 'a thought');
  const phone = await alsoOnPhone(newPerson, ada, bob);
  await expect(bubble(phone, 'a thought')).toBeVisible();

  const letThrough = await holdChanges(ada);
  await edit(page, 'a thought', 'a better thought');
  await remove(phone, 'a thought');
  await letThrough();
  await page.reload();
  const refusal = page.getByRole('alert').filter({ hasText: 'This message was deleted meanwhile.' });
  await expect(refusal).toBeVisible();
  await expect(page.getByRole('article').getByText('Message deleted')).toBeVisible();
  await expect(page.getByRole('article').getByText('a better thought')).toBeVisible();
  await page.getByRole('article').getByRole('button', { name: 'Edit' }).click();
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue('a better thought');
  await expect(refusal).toBeHidden();
});
