import { controlStack } from '@parley/stack';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { env } from './env.ts';
import { Person } from './api/person.ts';
import { bubble, saidTexts, say, signInWithForm, tick } from './support/person.ts';

/** Everything that may die while two people talk. The web server is among them: a page that is open needs it no more. */
const PROGRAMS = ['chat-api', 'realtime-gateway', 'user-api', 'auth-api', 'web', 'rabbitmq', 'redis', 'mongodb'];
const HEALED_WITHIN_MS = 45_000;

async function openConversation(browser: Browser, person: Person, chatId: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: env.baseUrl });
  const page = await context.newPage();
  await signInWithForm(page, person.username, person.password);
  await page.waitForURL('**/chats**');
  await page.goto(`/chats/${chatId}`);
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
  await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));
  return page;
}

test.describe('two people go on talking without a reload when', { tag: '@breaks' }, () => {
  const stack = env.stack;
  if (stack === undefined) throw new Error('these tests need the stack of `npm test`, which they kill parts of');
  const control = controlStack(stack.control);
  let ada: Page;
  let bob: Page;
  let chatId: string;
  let people: [Person, Person];
  const said: string[] = [];

  test.beforeAll(async ({ browser }) => {
    people = await Promise.all([Person.register(env.apiUrl, 'Ada'), Person.register(env.apiUrl, 'Bob')]);
    const [one, two] = people;
    chatId = (await one.chatWith(two)).id;
    [ada, bob] = await Promise.all([openConversation(browser, one, chatId), openConversation(browser, two, chatId)]);
  });

  test.afterAll(async () => {
    await Promise.all([ada, bob].map((page) => page.context().close()));
  });

  for (const name of PROGRAMS) {
    test(`${name} is killed and comes back`, async () => {
      const round = [`before ${name} dies`, `while ${name} is away`, `after ${name} came back`] as const;
      await say(ada, round[0]);
      await expect(bubble(bob, round[0])).toBeVisible({ timeout: HEALED_WITHIN_MS });

      await control.kill(name, 'SIGKILL', { stayDown: true });
      await say(bob, round[1]);
      await bob.waitForTimeout(3_000);
      await control.start(name);
      await expect(bubble(ada, round[1])).toBeVisible({ timeout: HEALED_WITHIN_MS });

      await say(ada, round[2]);
      said.push(...round);
      for (const page of [ada, bob]) {
        await expect(bubble(page, round[2])).toBeVisible({ timeout: HEALED_WITHIN_MS });
        expect((await saidTexts(page)).slice(-3)).toEqual([...round]);
      }
      // The last one was seen: receipts found their way back too.
      await expect(tick(ada, round[2])).toHaveAccessibleName('Seen', { timeout: HEALED_WITHIN_MS });
      for (const page of [ada, bob]) expect(await page.evaluate(() => 'isTheSamePage' in globalThis)).toBe(true);
    });
  }

  test('nothing is missing, doubled or out of order afterwards', async () => {
    const { body } = await people[0].call<{ messages: { text: string; seq: number }[] }>(
      'GET',
      `/api/v1/chat/message/${chatId}?limit=200`,
    );
    expect(body.messages.map(({ text }) => text)).toEqual(said);
    expect(body.messages.map(({ seq }) => seq)).toEqual(said.map((_, index) => index + 1));
  });
});
