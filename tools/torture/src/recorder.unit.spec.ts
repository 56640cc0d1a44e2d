import type { Message } from '@parley/contracts';
import { describe, expect, it } from 'vitest';
import { createRecorder } from './recorder.ts';

const message = { id: 'm1', chatId: 'c1' } as Message;

describe('the recorder', () => {
  it('takes one edit of each text, told twice or followed by the next', () => {
    const recorder = createRecorder();
    recorder.edited(message, { replaces: 'a', text: 'b' });
    recorder.edited(message, { replaces: 'a', text: 'b' });
    recorder.edited(message, { replaces: 'b', text: 'c' });
    recorder.edited({ ...message, id: 'm2' as Message['id'] }, { replaces: 'a', text: 'x' });
    expect(recorder.violations()).toEqual([]);
  });

  it('finds two edits of the same text', () => {
    const heard: string[] = [];
    const recorder = createRecorder(({ rule }) => heard.push(rule));
    recorder.edited(message, { replaces: null, text: 'b' });
    recorder.edited(message, { replaces: null, text: 'c' });
    expect(recorder.violations()).toEqual([
      {
        rule: 'no edit is overwritten unseen',
        chatId: 'c1',
        evidence: 'm1: both "b" and "c" replaced null',
      },
    ]);
    expect(heard).toEqual(['no edit is overwritten unseen']);
  });
});
