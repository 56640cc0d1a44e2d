import { renderTable, whole } from '../table.ts';

/** Milliseconds of each step of one photo's way, and the length of what was shown at its end. */
export type OnePhoto = { uploadMs: number; completeMs: number; sendMs: number; loadMs: number; fullBytes: number };

/** Memory in bytes. */
export type PicturesResult = {
  photoBytes: number;
  first: OnePhoto;
  second: OnePhoto;
  /** Of chat-api before many come at once. */
  idle: number;
  pictures: number;
  many: { firstMs: number; lastMs: number; askedAgain: number; chatApiPeak: number; workersPeak: number };
};

/** What chat-api may take, its image worker aside. */
const CHAT_API_BYTES_MAX = 300_000_000;

/** What is wrong, in words. */
export function memoryFaults({ many, pictures }: PicturesResult): string[] {
  if (many.chatApiPeak <= CHAT_API_BYTES_MAX) return [];
  return [`chat-api took ${mb(many.chatApiPeak)} MB while ${pictures} photos were completed at once`];
}

/** The tables for people. */
export function renderPictures({ photoBytes, first, second, idle, pictures, many }: PicturesResult): string {
  const step = (name: string, of: (one: OnePhoto) => number): string[] => [name, whole(of(first)), whole(of(second))];
  return [
    `One JPEG of 24 megapixels and ${mb(photoBytes)} MB, in milliseconds`,
    '',
    renderTable([
      ['', 'first', 'second'],
      step('uploaded to the object storage', ({ uploadMs }) => uploadMs),
      step('completed: checked, made anew, stored', ({ completeMs }) => completeMs),
      step('sent', ({ sendMs }) => sendMs),
      step('loaded in full', ({ loadMs }) => loadMs),
      step('all of it', (one) => one.uploadMs + one.completeMs + one.sendMs + one.loadMs),
    ]),
    '',
    `${pictures} of them completed at once, each of another person`,
    '',
    renderTable([
      ['first done after, s', (many.firstMs / 1_000).toFixed(1)],
      ['last done after, s', (many.lastMs / 1_000).toFixed(1)],
      ['told to ask again', whole(many.askedAgain)],
      ['chat-api before, MB', mb(idle)],
      ['chat-api at most, MB', mb(many.chatApiPeak)],
      ['image worker at most, MB', mb(many.workersPeak)],
    ]),
  ].join('\n');
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
