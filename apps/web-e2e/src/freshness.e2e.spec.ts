import { expect } from '@playwright/test';
import { freshness, twoInConversation } from './support/conversation.ts';
import { bubble, say, test } from './support/person.ts';

test('it shows whether a conversation is live, offline or catching up, how far, and how fast', async ({
  newPerson,
}) => {
  const { ada, bob } = await twoInConversation(newPerson);
  await say(ada.page, 'one');
  const fresh = freshness(bob.page);
  await expect(fresh).toHaveAttribute('data-state', 'live');
  await expect(fresh).toHaveAccessibleName(/^Live\. Caught up to #1\. \d+ ms$/);
  await fresh.hover();
  await expect(bob.page.getByText('New messages arrive as they are sent.')).toBeVisible();

  await bob.context.setOffline(true);
  await expect(fresh).toHaveAttribute('data-state', 'offline');
  await expect(fresh).toHaveAccessibleName('Offline. Caught up to #1');
  await say(ada.page, 'two');
  await expect(bubble(bob.page, 'two')).toHaveCount(0);

  // The network is back, the answers are slow.
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await bob.page.route('**/api/v1/chat/sync', async (route) => {
    await gate;
    await route.continue();
  });
  await bob.context.setOffline(false);
  await expect(fresh).toHaveAttribute('data-state', 'catching up');
  release();
  await expect(fresh).toHaveAccessibleName(/^Live\. Caught up to #2\. \d+ ms$/, { timeout: 30_000 });
  await expect(bubble(bob.page, 'two')).toBeVisible();
});
