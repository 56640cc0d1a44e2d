import { isUploading, type Outgoing, type UploadTrouble, type UploadView } from '@parley/chat-client';
import { pictureProblem } from '../picture-problem.ts';

/** What is shown of a picture on its way. `fraction` is null where it can't be told. */
export type UploadProgress = {
  text: string;
  /** 0 to 1. */
  fraction: number | null;
  /** A sentence on why it doesn't go on. */
  trouble: string | null;
  /** It can still be taken back with nothing sent. */
  canCancel: boolean;
};

const TROUBLES: Partial<Record<UploadTrouble, string>> = {
  away: 'No connection for the upload.',
  not_taken: 'The upload was not taken, and begins anew.',
  rate_limited: 'You have sent many pictures. This one waits a while.',
};
const OTHER_TROUBLE = 'The picture can’t be uploaded right now.';

const troubleText = (trouble: UploadTrouble): string =>
  `${TROUBLES[trouble] ?? pictureProblem(trouble) ?? OTHER_TROUBLE} We keep trying.`;

/** @param view how this tab's upload of it goes, where it is this tab that uploads it */
export function uploadProgress(entry: Outgoing, view: UploadView | undefined): UploadProgress {
  const shown = { fraction: null, trouble: null, canCancel: true };
  if (!isUploading(entry)) return { ...shown, text: 'Sending', canCancel: false };
  const state = entry.picture?.upload?.state;
  if (view?.phase === 'checking' || state === 'uploaded') return { ...shown, text: 'Finishing' };
  if (view?.phase === 'uploading') {
    const fraction = Math.min(1, view.sentBytes / (entry.picture?.bytes ?? 1));
    return { ...shown, text: `${Math.floor(fraction * 100)} %`, fraction };
  }
  if (view?.trouble !== undefined) return { ...shown, text: 'Waiting', trouble: troubleText(view.trouble) };
  // Begun, and not by this tab: another one is at it, or was until just now.
  return { ...shown, text: state === 'opened' ? 'Uploading' : 'Waiting' };
}
