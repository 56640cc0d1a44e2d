import { expect } from '@playwright/test';
import { bubble, register, say, test, tick } from './support/person.ts';
import { seedChat, seedMessage, seedMessages } from './support/seed.ts';

test('messages are found in one conversation and in all, and one jumps to where they were said', async ({
  newPerson,
}) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  const chatId = await seedChat(adaAuth, bobAuth);
  await seedMessage(bobAuth, chatId, 'The Café opens at noon');
  await seedMessages([adaAuth, bobAuth], chatId, 600);
  await seedMessage(bobAuth, chatId, 'the end');
  const { page } = ada;

  await test.step('from the list, into a history that is not loaded', async () => {
    await page.goto('/chats');
    await page.getByLabel('Search people and messages').fill('cafe noon');
    const hit = page.getByRole('list', { name: 'Messages found' }).getByRole('button');
    await expect(hit).toContainText('Bob Kahn');
    await hit.click();
    await expect(page).toHaveURL(new RegExp(chatId));
    await expect(bubble(page, 'The Café opens at noon')).toBeInViewport();
    await expect(bubble(page, 'the end')).toHaveCount(0);
  });

  await test.step('back to the newest, and what one writes is at the end', async () => {
    await page.getByRole('button', { name: /^Jump to the latest/ }).click();
    await expect(bubble(page, 'the end')).toBeInViewport();
    await page.getByLabel('Clear search').click();
  });

  await test.step('within the conversation, and from there by scrolling to the newest again', async () => {
    await page.getByRole('button', { name: 'Search in this conversation' }).click();
    await page.getByLabel('Search this conversation').fill('café');
    await page.getByRole('list', { name: 'Messages found' }).getByRole('button').click();
    await expect(bubble(page, 'The Café opens at noon')).toBeInViewport();
    await page.getByRole('button', { name: 'Close search' }).click();
    await page.getByTestId('virtuoso-scroller').hover();
    await expect(async () => {
      await page.mouse.wheel(0, 3_000);
      await expect(bubble(page, 'the end')).toBeInViewport({ timeout: 150 });
    }).toPass({ timeout: 60_000, intervals: [50] });
    await say(page, 'mine');
    await expect(tick(page, 'mine')).toHaveAccessibleName('Sent');
    await expect(bubble(page, 'mine')).toBeInViewport();
  });
});
