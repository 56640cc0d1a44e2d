import { expect, type BrowserContext } from '@playwright/test';
import { twoInConversation } from './support/conversation.ts';
import { bubble, register, saidTexts, say, test, tick } from './support/person.ts';
import { blockPerson, seedChat } from './support/seed.ts';

/** Nothing of this browser reaches the server over sockets, and no message over HTTP; pages themselves still load. */
async function cutSending(context: BrowserContext): Promise<void> {
  await context.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await context.route(/socket\.io/, (route) => route.abort());
  await context.route('**/api/v1/chat/message', (route) => route.abort());
}

/** Lets messages through again, slowly, so that two tabs get into each other's way if they can; the answer to the first never comes. */
async function letSlowly(context: BrowserContext): Promise<string[]> {
  const posted: string[] = [];
  await context.unroute('**/api/v1/chat/message');
  await context.route('**/api/v1/chat/message', async (route) => {
    const { clientMessageId } = route.request().postDataJSON() as { clientMessageId: string };
    const isFirst = posted.push(clientMessageId) === 1;
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (isFirst) await route.abort();
    else await route.fulfill({ response });
  });
  return posted;
}

test(
  'FAULT 17: an unsent queue of two tabs survives their reload: one copy each, in order',
  { tag: '@waits' },
  async ({ newPerson }) => {
    const { ada, bob } = await twoInConversation(newPerson);
    const second = await ada.context.newPage();
    await cutSending(ada.context);
    const tabs = [ada.page, second];
    await ada.page.reload();
    await second.goto(ada.page.url());
    for (const tab of tabs) await expect(tab.getByLabel('Message', { exact: true })).toBeVisible();

    const written = ['one', 'two', 'three', 'four', 'five', 'six'];
    for (const [index, text] of written.entries()) {
      const [here, there] = index % 2 === 0 ? tabs : tabs.toReversed();
      await say(here!, text);
      // Each tab sees what waits in the other.
      await expect(tick(there!, text)).toHaveAccessibleName('Waiting to be sent');
    }
    for (const tab of tabs) await tab.reload();
    for (const tab of tabs) await expect.poll(() => saidTexts(tab)).toEqual(written);

    // The sockets stay away: both tabs send over HTTP, and neither knows of the other's answers. The very first answer is lost.
    const posted = await letSlowly(ada.context);
    for (const tab of tabs) await tab.evaluate(() => globalThis.dispatchEvent(new Event('online')));
    await expect.poll(() => saidTexts(bob.page), { timeout: 45_000 }).toEqual(written);
    // One tab at a time: what was answered is not sent again by the other.
    expect(posted).toHaveLength(written.length + 1);
    expect(new Set(posted).size).toBe(written.length);
    for (const tab of tabs) {
      await expect(tick(tab, 'six')).toHaveAccessibleName(/Sent|Delivered|Seen/, { timeout: 30_000 });
      await expect.poll(() => saidTexts(tab)).toEqual(written);
    }
    await bob.page.reload();
    await expect.poll(() => saidTexts(bob.page)).toEqual(written);
  },
);

test('what is refused stays until its author sends it again, edits or discards it', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  const [adaAuth, bobAuth] = [await register(ada), await register(bob)];
  const chatId = await seedChat(adaAuth, bobAuth);
  const { page } = ada;
  await page.goto(`/chats/${chatId}`);
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
  await blockPerson(bobAuth, adaAuth, true);
  // The block reaches chat-api as an event.
  await expect(async () => {
    await say(page, 'please');
    await expect(bubble(page, 'please').last().getByRole('alert')).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await page.reload();
  const refused = bubble(page, 'please').filter({ has: page.getByRole('alert') });
  await expect(refused).toContainText('You can’t send messages to this person.');

  await page.getByLabel('Message', { exact: true }).fill('a draft');
  await refused.getByRole('button', { name: 'Edit' }).click();
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue('a draft\nplease');
  await expect(refused).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+A');
  await say(page, 'once more');
  await expect(bubble(page, 'once more').getByRole('alert')).toBeVisible();
  await blockPerson(bobAuth, adaAuth, false);
  await expect(async () => {
    await bubble(page, 'once more').getByRole('button', { name: 'Try again' }).click({ timeout: 1_000 });
    await expect(tick(page, 'once more')).toHaveAccessibleName('Sent', { timeout: 2_000 });
  }).toPass();
});
