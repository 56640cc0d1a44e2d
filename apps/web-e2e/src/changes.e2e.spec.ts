import { expect } from '@playwright/test';
import { freshness, menu, openMenu, twoInConversation } from './support/conversation.ts';
import { bubble, chatRow, saidTexts, say, tick, test } from './support/person.ts';

test('edits, deletions, reactions and replies are live on both sides', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  await say(ada.page, 'one');
  await say(ada.page, 'two');
  await expect(bubble(bob.page, 'two')).toBeVisible();

  await test.step('an edit, from the menu and from the empty composer', async () => {
    await openMenu(ada.page, 'one');
    await menu(ada.page).getByRole('button', { name: 'Edit' }).click();
    await ada.page.getByLabel('Edited message').fill('one, better');
    await ada.page.keyboard.press('Enter');
    for (const { page } of [ada, bob]) await expect(bubble(page, 'one, better')).toContainText('edited');
    await ada.page.getByLabel('Message', { exact: true }).press('ArrowUp');
    await expect(ada.page.getByLabel('Edited message')).toHaveValue('two');
    await ada.page.keyboard.type('!');
    await ada.page.keyboard.press('Enter');
    await expect(bubble(bob.page, 'two!')).toBeVisible();
    await expect(chatRow(bob.page, ada)).toContainText('two!');
  });

  await test.step('reactions of both, taken away again', async () => {
    await openMenu(bob.page, 'two!');
    await menu(bob.page).getByRole('button', { name: 'red heart' }).click();
    const heart = bubble(ada.page, 'two!').getByRole('button', { name: /^red heart/ });
    await expect(heart).toHaveAttribute('aria-pressed', 'false');
    await heart.click();
    await expect(bubble(bob.page, 'two!').getByRole('button', { name: /^red heart/ })).toContainText('2');
    await bubble(bob.page, 'two!')
      .getByRole('button', { name: /^red heart/ })
      .click();
    await expect(heart).toHaveAccessibleName('red heart: You');
  });

  await test.step('a reply with its quote', async () => {
    await openMenu(bob.page, 'one, better');
    await menu(bob.page).getByRole('button', { name: 'Reply' }).click();
    await say(bob.page, 'indeed');
    await expect(
      bubble(ada.page, 'indeed').getByRole('button', { name: 'In reply to You: one, better. Go there' }),
    ).toBeVisible();
  });

  await test.step('a deletion, asked for twice', async () => {
    await openMenu(ada.page, 'one, better');
    await menu(ada.page).getByRole('button', { name: 'Delete' }).click();
    await ada.page.getByRole('button', { name: 'Keep it' }).click();
    await expect(bubble(ada.page, 'one, better')).toBeVisible();
    await openMenu(ada.page, 'one, better');
    await menu(ada.page).getByRole('button', { name: 'Delete' }).click();
    await ada.page.getByRole('dialog', { name: 'Delete message' }).getByRole('button', { name: 'Delete' }).click();
    for (const { page } of [ada, bob]) {
      await expect.poll(() => saidTexts(page)).toEqual(['Message deleted', 'two!', 'indeed']);
    }
    await expect(bubble(ada.page, 'indeed').getByRole('button', { name: /Message deleted/ })).toBeVisible();
  });

  await test.step('nobody changes what is not theirs, and all of it is there after a reload', async () => {
    await openMenu(bob.page, 'two!');
    await expect(menu(bob.page).getByRole('button', { name: 'Edit' })).toHaveCount(0);
    await bob.page.keyboard.press('Escape');
    await bob.page.reload();
    await expect.poll(() => saidTexts(bob.page)).toEqual(['Message deleted', 'two!', 'indeed']);
    await expect(bubble(bob.page, 'two!').getByRole('button', { name: 'red heart: Ada Lovelace' })).toBeVisible();
  });
});

test('what changed while one was offline is exact afterwards', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  for (const text of ['one', 'two', 'three', 'four']) await say(ada.page, text);
  await expect(tick(ada.page, 'four')).toHaveAccessibleName('Seen');
  await bob.context.setOffline(true);
  await expect(freshness(bob.page)).toHaveAttribute('data-state', 'offline');

  await openMenu(ada.page, 'one');
  await menu(ada.page).getByRole('button', { name: 'Edit' }).click();
  await ada.page.getByLabel('Edited message').fill('eins');
  await ada.page.keyboard.press('Enter');
  await expect(bubble(ada.page, 'eins')).toBeVisible();
  await openMenu(ada.page, 'two');
  await menu(ada.page).getByRole('button', { name: 'Delete' }).click();
  await ada.page.getByRole('dialog', { name: 'Delete message' }).getByRole('button', { name: 'Delete' }).click();
  await openMenu(ada.page, 'three');
  await menu(ada.page).getByRole('button', { name: 'thumbs up' }).click();
  await say(ada.page, 'five');
  await expect(tick(ada.page, 'five')).toHaveAccessibleName('Sent');
  expect(await saidTexts(bob.page)).toEqual(['one', 'two', 'three', 'four']);

  await bob.context.setOffline(false);
  await expect.poll(() => saidTexts(bob.page)).toEqual(['eins', 'Message deleted', 'three', 'four', 'five']);
  await expect(bubble(bob.page, 'three').getByRole('button', { name: 'thumbs up: Ada Lovelace' })).toBeVisible();
  await expect(tick(ada.page, 'five')).toHaveAccessibleName('Seen');
});

test('a keyboard alone is enough, and so is a finger', async ({ newPerson }) => {
  const { ada, bob } = await twoInConversation(newPerson);
  await say(ada.page, 'one');
  await expect(tick(ada.page, 'one')).toHaveAccessibleName('Seen');
  await bubble(ada.page, 'one').getByRole('button', { name: 'Message actions' }).focus();
  await ada.page.keyboard.press('Enter');
  await expect(menu(ada.page).getByRole('button', { name: 'thumbs up' })).toBeFocused();
  await ada.page.keyboard.press('ArrowRight');
  await ada.page.keyboard.press('Enter');
  await expect(bubble(bob.page, 'one').getByRole('button', { name: 'red heart: Ada Lovelace' })).toBeVisible();
  await expect(bubble(ada.page, 'one').getByRole('button', { name: 'Message actions' })).toBeFocused();

  const box = await bubble(bob.page, 'one').getByText('one').boundingBox();
  const touch = await bob.context.newCDPSession(bob.page);
  const at = { x: Math.round((box?.x ?? 0) + 4), y: Math.round((box?.y ?? 0) + 4) };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  await expect(menu(bob.page)).toBeVisible();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await menu(bob.page).getByRole('button', { name: 'More reactions' }).click();
  await menu(bob.page).getByRole('button', { name: 'rocket' }).click();
  await expect(bubble(ada.page, 'one').getByRole('button', { name: 'rocket: Bob Kahn' })).toBeVisible();
});
