import { expect } from '@playwright/test';
import { openMenu, menu, twoInConversation, verifiedText } from './support/conversation.ts';
import { bubble, register, say, test, tick } from './support/person.ts';
import { seedChat, seedMessage } from './support/seed.ts';

test('the details prove that nothing was changed, and can prove it from the first message on', async ({
  newPerson,
}) => {
  test.setTimeout(90_000);
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  const chatId = await seedChat(adaAuth, bobAuth);
  for (let n = 1; n <= 120; n += 1) await seedMessage(n % 2 === 0 ? adaAuth : bobAuth, chatId, `message ${n}`);
  const { page } = ada;
  await page.goto(`/chats/${chatId}`);
  await expect(bubble(page, 'message 120')).toBeVisible();
  await say(page, 'and mine');
  await expect(tick(page, 'and mine')).toHaveAccessibleName('Sent');
  // Only what is loaded has been checked so far; the list may have loaded a page more by itself.
  expect(await verifiedText(page)).toMatch(/^Verified: (71|21|1)–121, no gaps$/);
  await page.getByTitle('Details').click();
  await page.getByRole('button', { name: 'Verify all' }).click();
  await expect(page.getByTestId('verified')).toHaveText('Verified: 1–121, no gaps');
  await expect(page.getByRole('button', { name: 'Verify all again' })).toBeVisible();
});

test('edits and deletions break no proof; a text that was changed behind everybody’s back does', async ({
  newPerson,
}) => {
  const { ada, bob } = await twoInConversation(newPerson);
  for (const text of ['pay 10', 'pay 20', 'thanks']) await say(ada.page, text);
  await openMenu(ada.page, 'pay 20');
  await menu(ada.page).getByRole('button', { name: 'Edit' }).click();
  await ada.page.getByLabel('Edited message').fill('pay 30');
  await ada.page.keyboard.press('Enter');
  await expect(bubble(bob.page, 'pay 30')).toBeVisible();
  expect(await verifiedText(bob.page)).toBe('Verified: 1–3, no gaps');

  // A server that rewrites what was said, without an edit.
  await bob.page.route('**/api/v1/chat/message/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll('pay 10', 'pay 99') });
  });
  await bob.page.reload();
  await expect(bubble(bob.page, 'pay 99')).toBeVisible();
  const warning = bob.page.getByRole('alert').filter({ hasText: 'tampered' });
  await expect(warning).toContainText('Message #1 doesn’t say what was sent.');
  await warning.getByRole('button', { name: 'Details' }).click();
  await expect(bob.page.getByTestId('verified')).toHaveText('This conversation has been tampered with');
});

test('a reload doesn’t make this device forget what it had verified', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  for (const text of ['pay 10', 'pay 20', 'thanks']) await say(ada.page, text);
  await expect(bubble(bob.page, 'thanks')).toBeVisible();
  await bob.page.reload();
  await expect(bubble(bob.page, 'thanks')).toBeVisible();
  expect(await verifiedText(bob.page)).toBe('Verified: 1–3, no gaps');

  // A server that takes the last message back, as if it had never been: what it shows is sound in itself.
  await bob.page.route('**/api/v1/chat/message/**', async (route) => {
    const response = await route.fetch();
    const page = (await response.json()) as { messages: { seq: number; hash: string }[]; head: { rev: number } };
    const messages = page.messages.filter(({ seq }) => seq < 3);
    const head = { seq: 2, rev: page.head.rev, hash: messages.at(-1)?.hash };
    await route.fulfill({ response, json: { ...page, messages, head } });
  });
  await bob.page.reload();
  const warning = bob.page.getByRole('alert').filter({ hasText: 'tampered' });
  await expect(warning).toContainText('Message #3 is missing.');
});
