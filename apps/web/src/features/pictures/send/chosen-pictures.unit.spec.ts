import { CHAT } from '@parley/chat-client/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PictureTools } from './check-picture.ts';
import { chooseAgain, choosePictures, chosenPictures, clearChosen, removeChosen } from './chosen-pictures.ts';

const tools: PictureTools = {
  measure: () => Promise.resolve({ width: 1, height: 1 }),
  shrink: () => Promise.resolve(undefined),
};
const gif = (name: string) => new File(['GIF89a'], name);
const held = () => chosenPictures.getState()[CHAT];
const names = () => held()?.pictures.map(({ name }) => name);

describe('chosen pictures', () => {
  afterEach(() => clearChosen(CHAT));

  it('are ten at most, in the order chosen, and what is more is said', async () => {
    const files = Array.from({ length: 8 }, (_, n) => gif(`${n}`));
    await Promise.all([choosePictures(CHAT, files, tools), choosePictures(CHAT, files.slice(0, 3), tools)]);
    expect(held()).toMatchObject({ reading: 0, problems: ['At most 10 pictures go at once.'] });
    expect(names()).toHaveLength(10);
    clearChosen(CHAT);
    await choosePictures(CHAT, files.slice(0, 3), tools);
    expect(names()).toEqual(['0', '1', '2']);
  });

  it('leave out what can’t be sent, with a sentence for each until something is taken out', async () => {
    await choosePictures(CHAT, [gif('a'), new File(['text'], 'b.txt'), new File([], 'c.png')], tools);
    expect(names()).toEqual(['a']);
    expect(held()?.problems).toHaveLength(2);
    removeChosen(CHAT, held()?.pictures[0]?.key ?? '');
    expect(held()).toEqual({ pictures: [], reading: 0, problems: [] });
  });

  it('give their addresses back when they are taken out or cleared', async () => {
    const [made, revoked] = [vi.spyOn(URL, 'createObjectURL'), vi.spyOn(URL, 'revokeObjectURL')];
    await choosePictures(CHAT, [gif('a'), gif('b')], tools);
    chooseAgain(CHAT, { file: gif('c'), contentType: 'image/gif', width: 1, height: 1 });
    removeChosen(CHAT, held()?.pictures[0]?.key ?? '');
    clearChosen(CHAT);
    expect(revoked.mock.calls.map(([url]) => url)).toEqual(made.mock.results.map(({ value }) => value as string));
    expect(made).toHaveBeenCalledTimes(3);
  });
});
