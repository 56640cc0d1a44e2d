import type { ErrorCode, NewUploadAnswer } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { uuid } from '../chat/fixtures.fixture.ts';
import { afterUploadStep, isUploading, nextUploadStep, restarted, type OutgoingPicture } from './upload-steps.ts';

const ID = uuid(7) as UploadId;
const NEW: OutgoingPicture = { contentType: 'image/png', bytes: 5, width: 2, height: 2 };
const put = { url: 'http://store/raw', headers: { 'content-type': 'image/png' }, openedAt: 1_000 };
const OPENED: OutgoingPicture = { ...NEW, upload: { state: 'opened', uploadId: ID, put } };
const UPLOADED: OutgoingPicture = { ...NEW, upload: { state: 'uploaded', uploadId: ID } };
const READY: OutgoingPicture = { ...NEW, upload: { state: 'ready', uploadId: ID } };

const refused = (code: ErrorCode, isTransient = false) => ({ kind: 'refused', code, isTransient }) as const;
const answered = (status: number) => ({ kind: 'answered', uploadId: ID, status }) as const;

describe('an upload', () => {
  it('is opened, put, completed, and then ready to be sent', () => {
    const answer: NewUploadAnswer = { uploadId: ID, ...put, method: 'PUT', expiresAt: '2026-01-01T00:05:00.000Z' };
    expect(nextUploadStep(NEW, 0)).toEqual({ kind: 'open' });
    expect(afterUploadStep(NEW, { kind: 'opened', at: 1_000, answer })).toEqual({ kind: 'on', upload: OPENED.upload });
    expect(nextUploadStep(OPENED, 2_000)).toEqual({ kind: 'put', uploadId: ID, put });
    expect(afterUploadStep(OPENED, answered(200))).toEqual({ kind: 'on', upload: UPLOADED.upload });
    expect(nextUploadStep(UPLOADED, 2_000)).toEqual({ kind: 'complete', uploadId: ID });
    expect(afterUploadStep(UPLOADED, { kind: 'completed', uploadId: ID })).toEqual({
      kind: 'on',
      upload: READY.upload,
    });
    expect(nextUploadStep(READY, 2_000)).toEqual({ kind: 'done', uploadId: ID });
    expect([NEW, OPENED, UPLOADED, READY].map((picture) => isUploading({ picture }))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(isUploading({})).toBe(false);
  });

  it('is not begun with a URL that is old, or from a clock that was set back', () => {
    for (const now of [999, 1_000 + 4 * 60_000]) expect(nextUploadStep(OPENED, now)).toEqual({ kind: 'open' });
  });

  it('takes a file that is there already as its own, from a try whose answer was lost', () => {
    expect(afterUploadStep(OPENED, answered(412))).toEqual({ kind: 'on', upload: UPLOADED.upload });
  });

  it.each([500, 503, 408, 409, 429])('is put again later where the storage answers %i', (status) => {
    expect(afterUploadStep(OPENED, answered(status))).toEqual({ kind: 'again', upload: OPENED.upload });
  });

  it.each([400, 403, 404, 301])('begins anew where the storage answers %i: expired, or not as signed', (status) => {
    expect(afterUploadStep(OPENED, answered(status))).toEqual({ kind: 'again', upload: undefined });
  });

  it.each([NEW, OPENED, UPLOADED])('stays where it is when nobody answers, or not now', (picture) => {
    const stays = { kind: 'again', upload: picture.upload };
    expect(afterUploadStep(picture, { kind: 'away' })).toEqual(stays);
    for (const code of ['unavailable', 'rate_limited', 'too_many_uploads', 'unauthorized'] as const) {
      expect(afterUploadStep(picture, refused(code, true))).toEqual(stays);
    }
  });

  it.each(['upload_not_found', 'upload_incomplete', 'upload_used'] as const)('begins anew on %s', (code) => {
    expect(afterUploadStep(UPLOADED, refused(code))).toEqual({ kind: 'again', upload: undefined });
  });

  it.each(['image_rejected', 'payload_too_large', 'invalid_request'] as const)('fails on %s', (code) => {
    expect(afterUploadStep(UPLOADED, refused(code))).toEqual({ kind: 'failed', code });
  });

  it('that its author tries again begins anew, unless it was ready', () => {
    expect(restarted(UPLOADED)).toEqual(NEW);
    expect(restarted(READY)).toEqual(READY);
  });
});
