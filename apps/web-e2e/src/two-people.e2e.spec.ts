import { expect } from '@playwright/test';
import { bubble, chatRow, registerInForm, saidTexts, say, tick, test } from './support/person.ts';

test('two people register, find each other, talk, and leave', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await registerInForm(ada);
  await registerInForm(bob);
  await expect(ada.page.getByText('No conversations yet')).toBeVisible();

  await test.step('Ada finds Bob with the keyboard alone, and says hello', async () => {
    await ada.page.keyboard.press('ControlOrMeta+k');
    await ada.page.keyboard.type(bob.username);
    await expect(ada.page.getByText(`@${bob.username}`)).toBeVisible();
    await ada.page.keyboard.press('Enter');
    await expect(ada.page.getByRole('heading', { name: 'Say hello' })).toBeVisible();
    await say(ada.page, 'Hello Bob');
  });

  await test.step('it reaches Bob, who has not opened it: two ticks, and one unread', async () => {
    await expect(tick(ada.page, 'Hello Bob')).toHaveAccessibleName('Delivered');
    await expect(chatRow(bob.page, ada)).toContainText('Hello Bob');
    await expect(chatRow(bob.page, ada)).toContainText('1 unread');
  });

  await test.step('Bob opens it: coloured ticks, and nothing unread', async () => {
    await chatRow(bob.page, ada).click();
    await expect(bubble(bob.page, 'Hello Bob')).toBeVisible();
    await expect(tick(ada.page, 'Hello Bob')).toHaveAccessibleName('Seen');
    await expect(chatRow(bob.page, ada)).not.toContainText('unread');
  });

  await test.step('each sees the other online, and typing', async () => {
    await expect(ada.page.getByTestId('presence')).toHaveText('online');
    await expect(bob.page.getByTestId('presence')).toHaveText('online');
    await bob.page.getByLabel('Message', { exact: true }).pressSequentially('Hello Ad');
    await expect(ada.page.getByText('Bob Kahn is typing')).toBeVisible();
    await expect(chatRow(ada.page, bob)).toContainText('typing…');
    await bob.page.keyboard.press('a');
    await bob.page.keyboard.press('Enter');
    await expect(ada.page.getByText('Bob Kahn is typing')).toBeHidden();
    await expect(bubble(ada.page, 'Hello Ada')).toBeVisible();
    await expect(tick(bob.page, 'Hello Ada')).toHaveAccessibleName('Seen');
  });

  const texts = ['Hello Bob', 'Hello Ada', 'How is the engine?', 'It hums.', 'See https://example.org/engine'];
  await test.step('they talk both ways, and both see the same', async () => {
    await say(ada.page, 'How is the engine?');
    await expect(bubble(bob.page, 'How is the engine?')).toBeVisible();
    await say(bob.page, 'It hums.');
    await expect(bubble(ada.page, 'It hums.')).toBeVisible();
    await say(ada.page, 'See https://example.org/engine');
    await expect(bob.page.getByRole('article').getByRole('link', { name: 'https://example.org/engine' })).toBeVisible();
    await expect.poll(() => saidTexts(ada.page)).toEqual(texts);
    await expect.poll(() => saidTexts(bob.page)).toEqual(texts);
  });

  await test.step('a reload keeps the session, the place and the history', async () => {
    await ada.page.reload();
    await expect(bubble(ada.page, 'It hums.')).toBeVisible();
    await expect.poll(() => saidTexts(ada.page)).toEqual(texts);
    await expect(tick(ada.page, 'How is the engine?')).toHaveAccessibleName('Seen');
  });

  await test.step('Ada signs out, and Bob sees that she was here', async () => {
    await ada.page.getByRole('link', { name: 'Settings' }).click();
    await ada.page.getByRole('button', { name: 'Sign out' }).click();
    await ada.page.waitForURL('**/login');
    await ada.page.goto('/chats');
    await ada.page.waitForURL('**/login');
    await expect(bob.page.getByTestId('presence')).toHaveText(/^last seen/, { timeout: 60_000 });
  });
});
