import { uuid, CHAT } from '@parley/chat-client/testing';
import type { Outgoing, OutgoingPicture, UploadTrouble } from '@parley/chat-client';
import type { ClientMessageId, UploadId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { uploadProgress } from './upload-progress.ts';

const entry = (upload?: OutgoingPicture['upload']): Outgoing => ({
  clientMessageId: uuid(1) as ClientMessageId,
  chatId: CHAT,
  text: '',
  createdAt: 0,
  status: 'pending',
  picture: { contentType: 'image/png', bytes: 200, width: 1, height: 1, ...(upload === undefined ? {} : { upload }) },
});
const at = (state: 'uploaded' | 'ready') => entry({ state, uploadId: uuid(2) as UploadId });
const opened = entry({
  state: 'opened',
  uploadId: uuid(2) as UploadId,
  put: { url: 'http://s3.test/raw/1', headers: {}, openedAt: 0 },
});

describe('uploadProgress', () => {
  it('tells how far a picture is', () => {
    const of = (...args: Parameters<typeof uploadProgress>) => {
      const { text, fraction, canCancel } = uploadProgress(...args);
      return [text, fraction, canCancel];
    };
    expect(of(entry(), undefined)).toEqual(['Waiting', null, true]);
    expect(of(entry(), { phase: 'uploading', sentBytes: 99 })).toEqual(['49 %', 0.495, true]);
    // A request has more bytes than its file.
    expect(of(entry(), { phase: 'uploading', sentBytes: 300 })).toEqual(['100 %', 1, true]);
    expect(of(entry(), { phase: 'checking' })).toEqual(['Finishing', null, true]);
    expect(of(at('uploaded'), undefined)).toEqual(['Finishing', null, true]);
    expect(of(at('ready'), undefined)).toEqual(['Sending', null, false]);
  });

  it('tells of an upload that another tab is at', () => {
    const waiting = { phase: 'waiting' } as const;
    expect(uploadProgress(opened, waiting)).toMatchObject({ text: 'Uploading', fraction: null, canCancel: true });
    // This tab's own last try failed: it waits for the next.
    expect(uploadProgress(opened, { ...waiting, trouble: 'away' })).toMatchObject({ text: 'Waiting' });
  });

  it('says why it doesn’t go on', () => {
    const of = (trouble: UploadTrouble) => uploadProgress(entry(), { phase: 'waiting', trouble }).trouble;
    expect(of('away')).toBe('No connection for the upload. We keep trying.');
    expect(of('not_taken')).toBe('The upload was not taken, and begins anew. We keep trying.');
    expect(of('rate_limited')).toBe('You have sent many pictures. This one waits a while. We keep trying.');
    expect(of('internal_error')).toBe('The picture can’t be uploaded right now. We keep trying.');
    expect(uploadProgress(entry(), { phase: 'waiting' }).trouble).toBeNull();
  });
});
