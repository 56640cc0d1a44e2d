import { expect, type Page } from '@playwright/test';
import { bubble, openChatWith, register, type NewPerson, type Person } from './person.ts';

/** Two people who are in their conversation with each other. */
export async function twoInConversation(newPerson: NewPerson): Promise<{ ada: Person; bob: Person }> {
  const ada = await newPerson('Ada Lovelace');
  const bob = await newPerson('Bob Kahn');
  await register(ada);
  await register(bob);
  await ada.page.goto('/chats');
  await bob.page.goto('/chats');
  await openChatWith(ada.page, bob);
  await openChatWith(bob.page, ada);
  return { ada, bob };
}

/** Opens the menu of the message with this text, as a mouse does. */
export async function openMenu(page: Page, text: string): Promise<void> {
  await bubble(page, text).hover();
  await bubble(page, text).getByRole('button', { name: 'Message actions' }).click();
  await expect(page.getByRole('dialog', { name: 'Message actions' })).toBeVisible();
}

export const menu = (page: Page) => page.getByRole('dialog', { name: 'Message actions' });

export const freshness = (page: Page) => page.getByTestId('freshness');

/** What the details say of the conversation's ledger. */
export async function verifiedText(page: Page): Promise<string> {
  await page.getByTitle('Details').click();
  const text = await page.getByTestId('verified').innerText();
  await page.getByRole('button', { name: 'Close' }).click();
  return text;
}
