import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { env } from '../env.ts';
import type { PictureFile } from './picture.ts';

/** Where this run's pictures are uploaded to and loaded from. */
export const storageUrl = (): string => {
  const endpoint = env.stack?.env['S3_ENDPOINT'];
  if (endpoint === undefined)
    throw new Error('these tests need the stack of `npm test`, whose object storage they know');
  return endpoint;
};

/** Chooses files as the button does. */
export async function choose(page: Page, ...files: PictureFile[]): Promise<void> {
  const opening = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add pictures' }).click();
  await (await opening).setFiles(files);
}

export const preview = (page: Page): Locator => page.getByRole('list', { name: 'Pictures to send' });
export const caption = (page: Page): Locator => page.getByLabel('Caption');

/** The pictures that stand in the conversation, in its order. */
export const pictures = (page: Page): Locator => page.getByRole('article').locator('[data-picture]');
/** Those that are there in full. */
export const loadedPictures = (page: Page): Locator => page.getByRole('article').locator('[data-picture=loaded]');

/** One's own that are on their way, or refused. */
export const pending = (page: Page): Locator =>
  page.getByRole('article').filter({ has: page.getByAltText('Your photo, not sent yet') });

/** What the page gets of `file` through the clipboard or a drag, where Playwright has no hand of its own. */
export async function giveFile(page: Page, file: PictureFile, how: 'paste' | 'drop'): Promise<void> {
  const { name, mimeType, buffer } = file;
  await page.evaluate(
    ({ base64, name, mimeType, how }) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: mimeType }));
      const fire = (event: Event) => {
        const target = how === 'paste' ? document.activeElement : document.querySelector('main');
        target?.dispatchEvent(event);
      };
      const init = { bubbles: true, cancelable: true };
      if (how === 'paste') return fire(new ClipboardEvent('paste', { ...init, clipboardData: transfer }));
      for (const type of ['dragenter', 'dragover', 'drop'])
        fire(new DragEvent(type, { ...init, dataTransfer: transfer }));
    },
    { base64: buffer.toString('base64'), name, mimeType, how },
  );
}

/** Uploads of this browser hang, until the result is called: those then go on. */
export async function holdUploads(context: BrowserContext): Promise<() => Promise<void>> {
  const pattern = `${storageUrl()}/**`;
  const held: (() => void)[] = [];
  let isHolding = true;
  await context.route(pattern, async (route) => {
    if (isHolding && route.request().method() === 'PUT') await new Promise<void>((release) => held.push(release));
    // Its page may be gone by then.
    await route.continue().catch(() => undefined);
  });
  return async () => {
    isHolding = false;
    for (const release of held) release();
    await context.unroute(pattern);
  };
}

/** Waits until `count` pictures are there in full. */
export const expectLoaded = (page: Page, count: number, timeout = 30_000): Promise<void> =>
  expect(loadedPictures(page)).toHaveCount(count, { timeout });
