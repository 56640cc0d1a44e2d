// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { MediaAnswer } from '@parley/contracts';
import { clientWithChat } from '../../chats/with-client.fixture.tsx';
import { readAgain } from './fresh-images.ts';
import { imageOf, pictureMessage } from './picture-message.fixture.ts';

/** A client whose pictures 1..9 have been read anew, and how often it asked. */
function world(answer: () => Promise<MediaAnswer>) {
  const asked: unknown[] = [];
  const { client } = clientWithChat(undefined, {
    media: (_chatId, query) => {
      asked.push(query);
      return answer();
    },
  });
  return { client, asked };
}
const pictures = (reading: number): MediaAnswer => ({
  messages: [9, 8, 7, 6, 5, 4, 3, 2, 1].map((seq) => pictureMessage(seq, { image: imageOf(seq, reading) })),
  hasMore: false,
});

describe('readAgain', () => {
  it('serves all the pictures of a screen by one request', async () => {
    const { client, asked } = world(() => Promise.resolve(pictures(2)));
    const read = await Promise.all([9, 7, 3].map((seq) => readAgain(client, pictureMessage(seq), imageOf(seq))));
    expect(read.map((image) => image?.url)).toEqual([9, 7, 3].map((seq) => imageOf(seq, 2).url));
    expect(asked).toEqual([{ before: 10, limit: 50 }]);
  });

  it('asks once more when those fail as well', async () => {
    let reading = 2;
    const { client, asked } = world(() => Promise.resolve(pictures(reading)));
    await readAgain(client, pictureMessage(5), imageOf(5));
    reading = 3;
    expect((await readAgain(client, pictureMessage(5), imageOf(5, 2)))?.url).toBe(imageOf(5, 3).url);
    expect(asked).toHaveLength(2);
  });

  it('finds none where the picture was deleted meanwhile', async () => {
    const { client } = world(() => Promise.resolve({ messages: [], hasMore: false }));
    expect(await readAgain(client, pictureMessage(5), imageOf(5))).toBeUndefined();
  });

  it('rejects where nobody answers, and the next one that asks is served', async () => {
    let isAway = true;
    const { client } = world(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(pictures(2))));
    await expect(readAgain(client, pictureMessage(5), imageOf(5))).rejects.toThrow('away');
    isAway = false;
    expect((await readAgain(client, pictureMessage(5), imageOf(5)))?.url).toBe(imageOf(5, 2).url);
  });

  it('keeps nothing of one client for another', async () => {
    const first = world(() => Promise.resolve(pictures(2)));
    await readAgain(first.client, pictureMessage(5), imageOf(5));
    const second = world(() => Promise.resolve(pictures(3)));
    expect((await readAgain(second.client, pictureMessage(5), imageOf(5)))?.url).toBe(imageOf(5, 3).url);
  });
});
