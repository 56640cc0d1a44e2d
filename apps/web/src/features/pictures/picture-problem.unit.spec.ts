import { ApiError } from '@parley/chat-client';
import { ERROR_STATUS, type ErrorCode } from '@parley/contracts';
import { uuid, CHAT } from '@parley/chat-client/testing';
import type { ClientMessageId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { refusalText } from '../conversation/refusal-text.ts';
import { PICTURE_PROBLEMS, pictureProblem, pictureProblemOf } from './picture-problem.ts';
import { uploadProgress } from './send/upload-progress.ts';

/** What chat-api answers to uploads, their completion, and messages with a picture; found by name, so that a new one is not forgotten. */
const codes = (Object.keys(ERROR_STATUS) as ErrorCode[]).filter((code) =>
  /image|upload|media|payload|^unavailable$/.test(code),
);
const picture = { contentType: 'image/png', bytes: 1, width: 1, height: 1 } as const;
const entry = {
  clientMessageId: uuid(1) as ClientMessageId,
  chatId: CHAT,
  text: 'words',
  createdAt: 0,
  status: 'pending',
  picture,
} as const;

describe('a picture that is not taken', () => {
  it.each(codes)('%s: says so in a sentence of its own, refused or waiting', (code) => {
    const sentence = pictureProblem(code);
    expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect(Object.values(PICTURE_PROBLEMS).filter((other) => other === sentence)).toHaveLength(1);
    expect(refusalText({ code, picture })).toBe(sentence);
    expect(pictureProblemOf(new ApiError(code, ''))).toBe(sentence);
    const { trouble } = uploadProgress(entry, { phase: 'waiting', trouble: code });
    expect(trouble).toBe(`${sentence} We keep trying.`);
  });

  it('says what the server found wrong with it', () => {
    const detail = 'The picture has more than 50 million pixels.';
    const sentence = `This picture can’t be used. ${detail}`;
    expect(refusalText({ code: 'image_rejected', detail, picture })).toBe(sentence);
    expect(pictureProblemOf(new ApiError('image_rejected', detail))).toBe(sentence);
  });

  it('leaves to others what is not about pictures', () => {
    expect(pictureProblem('blocked')).toBeUndefined();
    expect(pictureProblemOf(new TypeError('no'))).toBeUndefined();
    expect(refusalText({ code: 'payload_too_large' })).toBe('This message is too long.');
    expect(refusalText({ code: 'blocked', picture })).toBe('You can’t send messages to this person.');
  });
});
