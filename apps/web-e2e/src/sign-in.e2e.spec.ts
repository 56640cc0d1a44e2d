import { expect } from '@playwright/test';
import { PASSWORD, register, registerInForm, signInWithForm, test } from './support/person.ts';

test('a wrong password is refused, the right one opens the chats', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  await register(ada);
  await ada.context.clearCookies();
  await signInWithForm(ada.page, ada.username, 'not the password');
  await expect(ada.page.getByText('That name and password don’t belong together.')).toBeVisible();
  await expect(ada.page.getByLabel('E-mail or username')).toHaveValue(ada.username);
  await signInWithForm(ada.page, ada.email.toUpperCase());
  await ada.page.waitForURL('**/chats');
});

test('a form says at each field what is wrong with it', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  await ada.page.goto('/register');
  await ada.page.getByLabel('Username').fill('a b');
  await ada.page.getByLabel('E-mail').fill('nobody');
  await ada.page.getByLabel('Password', { exact: true }).fill('short');
  await ada.page.getByRole('button', { name: 'Create account' }).click();
  for (const label of ['Username', 'E-mail', 'Password']) {
    await expect(ada.page.getByLabel(label, { exact: true })).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(ada.page.getByLabel('Username')).toBeFocused();
  await expect(ada.page.getByText('Choose at least 8 characters')).toBeVisible();
});

test('a username or an e-mail address that is taken is said at its field', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  await register(ada);
  const eve = await newPerson('Eve');
  await eve.page.goto('/register');
  await eve.page.getByLabel('Username').fill(ada.username.toUpperCase());
  await eve.page.getByLabel('E-mail').fill(eve.email);
  await eve.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await eve.page.getByRole('button', { name: 'Create account' }).click();
  await expect(eve.page.getByText('Somebody else has this username already.')).toBeVisible();
  await eve.page.getByLabel('Username').fill(eve.username);
  await eve.page.getByLabel('E-mail').fill(ada.email);
  await eve.page.getByRole('button', { name: 'Create account' }).click();
  await expect(eve.page.getByText('There is an account with this e-mail address already.')).toBeVisible();
  await eve.page.getByLabel('E-mail').fill(eve.email);
  await eve.page.getByRole('button', { name: 'Create account' }).click();
  await eve.page.waitForURL('**/chats');
});

test('signing out in one tab signs out in the other', async ({ newPerson }) => {
  const ada = await newPerson('Ada Lovelace');
  await registerInForm(ada);
  const other = await ada.context.newPage();
  await other.goto('/settings');
  await expect(other.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await other.getByRole('button', { name: 'Sign out' }).click();
  await ada.page.waitForURL('**/login');
});
