import { expect, type Page } from '@playwright/test';
import { freshness, twoInConversation, verifiedText } from './support/conversation.ts';
import { bubble, chatRow, register, saidTexts, say, test, tick } from './support/person.ts';
import { seedChat, seedMessage, seedMessages } from './support/seed.ts';

/** Longer than it does anything. */
const WAITS = { tag: '@waits' };

/** Lets every frame of the socket through but those that are `lost`, which the server believes to have sent: FAULTS 14. */
async function loseFrames(page: Page, isLost: (frame: string) => boolean): Promise<void> {
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      if (!isLost(String(frame))) socket.send(frame);
    });
  });
  await page.reload();
}
const isPush = (frame: string): boolean => /^42\["(?!ready")/.test(frame);

test(
  'FAULT 14: with every push lost, messages, changes and receipts are there within 35 s',
  WAITS,
  async ({ newPerson }) => {
    const { ada, bob } = await twoInConversation(newPerson);
    await say(ada.page, 'one');
    await expect(tick(ada.page, 'one')).toHaveAccessibleName('Seen');
    for (const { page } of [ada, bob]) {
      await loseFrames(page, isPush);
      await expect(bubble(page, 'one')).toBeVisible();
      await expect(freshness(page)).toHaveAttribute('data-state', 'live');
    }
    await say(ada.page, 'two');
    await expect(bubble(bob.page, 'two')).toBeVisible({ timeout: 35_000 });
    await expect(tick(ada.page, 'two')).toHaveAccessibleName('Seen', { timeout: 40_000 });
    await ada.page.getByLabel('Message', { exact: true }).press('ArrowUp');
    await ada.page.keyboard.type('!');
    await ada.page.keyboard.press('Enter');
    await expect(bubble(bob.page, 'two!')).toBeVisible({ timeout: 35_000 });
  },
);

test('FAULT 14: with only the last push lost, its message is there within 35 s', WAITS, async ({ newPerson }) => {
  test.setTimeout(90_000);
  const { ada, bob } = await twoInConversation(newPerson);
  let lost = 0;
  await loseFrames(bob.page, (frame) => isPush(frame) && frame.includes('the last') && (lost += 1) > 0);
  await expect(freshness(bob.page)).toHaveAttribute('data-state', 'live');
  await say(ada.page, 'one');
  await expect(bubble(bob.page, 'one')).toBeVisible();
  await expect(tick(ada.page, 'one')).toHaveAccessibleName('Seen');
  await say(ada.page, 'the last');
  await expect(tick(ada.page, 'the last')).toHaveAccessibleName('Sent');
  await expect.poll(() => lost).toBe(1);
  await expect(bubble(bob.page, 'the last')).toBeVisible({ timeout: 35_000 });
  await expect(tick(ada.page, 'the last')).toHaveAccessibleName('Seen');
});

/** Whether the message is in the page that is on its way when it is pushed. */
for (const isInPage of [false, true]) {
  const title = `FAULT 15: a message between the join and the first page is shown once, ${isInPage ? 'where the page has it too' : 'where the page has it not'}`;
  test(title, async ({ newPerson }) => {
    const ada = await newPerson('Ada Lovelace');
    const bob = await newPerson('Bob Kahn');
    const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
    const chatId = await seedChat(adaAuth, bobAuth);
    await seedMessage(adaAuth, chatId, 'before');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The page arrives after the push of what comes next; it is read before or after it.
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    await bob.page.route('**/api/v1/chat/message/**', async (route) => {
      const early = isInPage ? undefined : await route.fetch();
      isAsked();
      await gate;
      await route.fulfill({ response: early ?? (await route.fetch()) });
    });
    await bob.page.goto(`/chats/${chatId}`);
    await asked;
    await seedMessage(adaAuth, chatId, 'in between');
    await expect(chatRow(bob.page, ada)).toContainText('in between');
    release();
    await expect.poll(() => saidTexts(bob.page)).toEqual(['before', 'in between']);
  });
}

test(
  'FAULT 16: 5,000 messages missed while offline are paged in without a hole, and one can write meanwhile',
  WAITS,
  async ({ newPerson }) => {
    test.setTimeout(300_000);
    const MISSED = 5_000;
    const ada = await newPerson('Ada Lovelace');
    const bob = await newPerson('Bob Kahn');
    const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
    const chatId = await seedChat(adaAuth, bobAuth);
    await seedMessage(adaAuth, chatId, 'the last he saw');
    const { page } = bob;
    await page.goto(`/chats/${chatId}`);
    await expect(bubble(page, 'the last he saw')).toBeVisible();
    await bob.context.setOffline(true);
    await expect(freshness(page)).toHaveAttribute('data-state', 'offline');
    await seedMessages([adaAuth, bobAuth], chatId, MISSED);
    await page.evaluate(watchLongTasks);

    await bob.context.setOffline(false);
    await page.getByLabel('Message', { exact: true }).pressSequentially('written meanwhile');
    await page.keyboard.press('Enter');
    await expect(freshness(page)).toHaveAccessibleName(/Caught up to #5,002/, { timeout: 60_000 });
    expect(await verifiedText(page)).toBe('Verified: 1–5,002, no gaps');
    // What one writes is brought into view; where many pages come in after it, a button leads there.
    const toLatest = page.getByRole('button', { name: /^Jump to the latest/ });
    await expect(async () => {
      if (await toLatest.isVisible()) await toLatest.click();
      await expect(tick(page, 'written meanwhile')).toHaveAccessibleName('Sent', { timeout: 2_000 });
    }).toPass({ timeout: 15_000 });
    test.info().annotations.push({ type: 'longest task, ms', description: String(await page.evaluate(longestTask)) });
  },
);

/** Notes tasks that block the page for long. For people who look: how fast a machine is, no test should decide. */
function watchLongTasks(): void {
  const tasks: number[] = [];
  Object.assign(globalThis, { longTasks: tasks });
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    entryTypes: ['longtask'],
  });
}
const longestTask = () => Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks);
