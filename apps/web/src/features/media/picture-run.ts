import { lastOf, messageAt, shownRun, type Timeline } from '@parley/chat-client';
import type { MediaAnswer, Message } from '@parley/contracts';

/** Messages with a picture of one chat, ascending by seq, none left out between the first and the last; and whether there are none beyond either. */
export type PictureRun = {
  readonly messages: readonly Message[];
  readonly atOldest: boolean;
  readonly atNewest: boolean;
};

/** To be filled from the newest picture on backwards. */
export const NO_PICTURES: PictureRun = { messages: [], atOldest: false, atNewest: true };

/** The pictures around one, as far as the history of the chat is held. */
export function runAround(start: Message, timeline: Timeline | undefined): PictureRun {
  const run = timeline === undefined ? [] : shownRun(timeline);
  if (timeline === undefined || messageAt(run, start.seq) === undefined) {
    return { messages: [start], atOldest: false, atNewest: false };
  }
  const messages = run.filter((message) => message.seq === start.seq || hasPicture(message));
  return { messages, atOldest: run[0]?.seq === 1, atNewest: timeline.window === null && lastOf(run) >= timeline.head };
}

/** With the page before it. */
export const withOlder = (run: PictureRun, page: MediaAnswer): PictureRun => ({
  ...run,
  messages: [...page.messages.toReversed(), ...run.messages],
  atOldest: !page.hasMore,
});

/** With the page after it. */
export const withNewer = (run: PictureRun, page: MediaAnswer): PictureRun => ({
  ...run,
  messages: [...run.messages, ...page.messages.toReversed()],
  atNewest: !page.hasMore,
});

/** The run as it is by now, ascending: what was deleted is gone, captions are the latest, and what has been sent since is there. */
export function shownPictures(run: PictureRun, timeline: Timeline | undefined): Message[] {
  if (timeline === undefined) return run.messages.filter(hasPicture);
  const last = lastOf(run.messages);
  const since = run.atNewest ? timeline.messages.filter(({ seq }) => seq > last) : [];
  return [...run.messages.map((message) => newestOf(message, timeline)), ...since].filter(hasPicture);
}

const hasPicture = ({ image, deletedAt }: Message): boolean => image !== null && deletedAt === null;

function newestOf(message: Message, { messages, window }: Timeline): Message {
  const held = messageAt(messages, message.seq) ?? messageAt(window ?? [], message.seq);
  return held !== undefined && held.rev > message.rev ? held : message;
}
