import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { bubble, chatRow, register, say, test } from './support/person.ts';
import { seedChat, seedMessage } from './support/seed.ts';

const COUNT = 260;

test('a long history is paged in while one scrolls up, without a jump', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  const chatId = await seedChat(adaAuth, bobAuth);
  for (let n = 1; n <= COUNT; n += 1) await seedMessage(n % 3 === 0 ? bobAuth : adaAuth, chatId, `message ${n}`);

  const { page } = ada;
  await page.goto(`/chats/${chatId}`);
  await expect(bubble(page, `message ${COUNT}`)).toBeInViewport();
  await expect(bubble(page, 'message 1')).toHaveCount(0);

  const scroller = page.getByTestId('virtuoso-scroller');
  const top = bubble(page, 'message 1');
  await test.step('up to the very first', async () => {
    await scroller.hover();
    await expect(async () => {
      await page.mouse.wheel(0, -2_500);
      await expect(top).toBeInViewport({ timeout: 150 });
    }).toPass({ timeout: 60_000, intervals: [50] });
    await expect(page.getByText('Loading older messages')).toHaveCount(0);
  });

  await test.step('what comes meanwhile does not move the page, and is one click away', async () => {
    await seedMessage(bobAuth, chatId, 'while you read');
    const jump = page.getByRole('button', { name: /^Jump to the latest/ });
    await expect(jump).toContainText('1', { timeout: 40_000 });
    await expect(top).toBeInViewport();
    await jump.click();
    await expect(bubble(page, 'while you read')).toBeInViewport();
    await expect(jump).toBeHidden();
    await expect(chatRow(page, bob)).not.toContainText('unread');
  });

  await test.step('the end stays in view while both write', async () => {
    for (let n = 1; n <= 5; n += 1) {
      await seedMessage(bobAuth, chatId, `reply ${n}`);
      await say(page, `answer ${n}`);
    }
    await expect(bubble(page, 'answer 5')).toBeInViewport();
    await expect(bubble(page, 'reply 5')).toBeInViewport();
  });
});

test('a device that is busy opens a conversation at its end all the same, and where the unread begins', async ({
  newPerson,
}) => {
  const [ada, bob] = [await newPerson('Ada Lovelace'), await newPerson('Bob Kahn')];
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  const chatId = await seedChat(adaAuth, bobAuth);
  for (let n = 1; n <= 60; n += 1) await seedMessage(bobAuth, chatId, `${'more and '.repeat(n % 7)}message ${n}`);
  const { page } = ada;
  const opens = async (at: string) => {
    await page.goto(`/chats/${chatId}`);
    // It must get there, and stay there while pages come in above.
    for (let times = 0; times < 8; times += 1) {
      await expect(bubble(page, at)).toBeInViewport();
      await sleep(250);
    }
  };
  const throttle = await page.context().newCDPSession(page);
  await throttle.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await opens('more and more and more and more and message 60');
  await expect(chatRow(page, bob)).not.toContainText('unread');

  await page.goto('/chats');
  for (let n = 1; n <= 30; n += 1) await seedMessage(bobAuth, chatId, `answer ${n}`);
  await expect(chatRow(page, bob)).toContainText('30 unread', { timeout: 40_000 });
  await opens('answer 1');
});

test('an address of somebody else’s conversation shows nothing of it', async ({ newPerson }) => {
  const [ada, bob, eve] = [await newPerson('Ada'), await newPerson('Bob'), await newPerson('Eve')];
  const chatId = await seedChat(await register(ada), await register(bob));
  await register(eve);
  await eve.page.goto(`/chats/${chatId}`);
  await expect(eve.page.getByText('This conversation doesn’t exist')).toBeVisible();
});
