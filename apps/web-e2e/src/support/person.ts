import { authAnswer, type AuthAnswer } from '@parley/contracts';
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { env } from '../env.ts';

export const PASSWORD = 'correct horse battery staple';

/** Somebody at a browser of their own. */
export type Person = { name: string; username: string; email: string; page: Page; context: BrowserContext };

export type NewPerson = (name: string, options?: BrowserContextOptions) => Promise<Person>;

/** Stories of people: `newPerson` gives somebody a browser of their own for the length of the test, and a username that nobody has, in this run or another. */
export const test = base.extend<{ newPerson: NewPerson }>({
  newPerson: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (name, options = {}) => {
      const username = `${name
        .toLowerCase()
        .slice(0, 20)
        .replaceAll(/[^a-z]+/g, '-')}-${randomBytes(5).toString('hex')}`;
      const context = await browser.newContext(options);
      contexts.push(context);
      return { name, username, email: `${username}@example.org`, context, page: await context.newPage() };
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** Registers as a person does, in the form. */
export async function registerInForm({ page, name, username, email }: Person): Promise<void> {
  await page.goto('/register');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/chats');
}

/** Registers through the API within the person's browser, which then has the refresh cookie: for stories that begin later. */
export async function register({ context, name, username, email }: Person): Promise<AuthAnswer> {
  const body = { displayName: name, username, email, password: PASSWORD };
  const response = await context.request.post(`${env.apiUrl}/api/v1/auth/register`, {
    data: body,
    headers: { origin: env.baseUrl },
  });
  expect(response.status(), await response.text()).toBe(201);
  return authAnswer.parse(await response.json());
}

export async function signInWithForm(page: Page, identifier: string, password = PASSWORD): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail or username').fill(identifier);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Finds `other` by username, and opens the conversation with them. */
export async function openChatWith(page: Page, other: Person): Promise<void> {
  await page.getByLabel('Search people').fill(other.username);
  await page.getByRole('list', { name: 'People' }).getByText(`@${other.username}`).click();
  await expect(page.getByRole('heading', { name: other.name })).toBeVisible();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

/** The bubble that says just this; one that only quotes it is another. */
export const bubble = (page: Page, text: string) => {
  const exactly = new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
  return page.getByRole('article').filter({ has: page.locator('[dir=auto]', { hasText: exactly }) });
};

/** The mark of how far one's own message has come. */
export const tick = (page: Page, text: string) => bubble(page, text).getByRole('img');

/** The line of the chat with `other` in the list. */
export const chatRow = (page: Page, other: Person) =>
  page.getByRole('list', { name: 'Chats' }).getByRole('listitem').filter({ hasText: other.name });

/** All texts of the conversation on screen, in the order of the screen. */
export const saidTexts = (page: Page) => page.locator('article [dir=auto]').allInnerTexts();
