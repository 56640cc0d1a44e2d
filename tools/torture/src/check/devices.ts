import { isDeepStrictEqual } from 'node:util';
import type { Message } from '@parley/contracts';
import type { ChatHistory, StoredMessage } from '../history.ts';
import type { Report } from './report.ts';

/** Every device shows what a fresh fetch shows, and a fresh fetch shows what is stored; nothing was ever shown twice. */
export function checkDevices({ views, fresh, stored }: ChatHistory, report: Report): void {
  for (const { userId, messages } of fresh) {
    firstDifference(messages.map(asStored), stored, (text) =>
      report('a fetch shows what is stored', `${userId}: ${text}`),
    );
  }
  const reference = fresh[0]?.messages ?? [];
  for (const { userId, messages } of fresh) {
    firstDifference(messages, reference, (text) => report('members see the same', `${userId}: ${text}`));
  }
  for (const { device, shown, messages } of views) {
    firstDifference(messages, reference, (text) => report('devices show what a fetch shows', `${device}: ${text}`));
    const seen = new Set<string>();
    for (const id of shown) {
      if (seen.has(id)) report('shown once', `${device} showed ${id} twice`);
      seen.add(id);
    }
    firstDifference(
      shown,
      messages.map(({ id }) => id),
      (text) => report('shown in order', `${device}: ${text}`),
    );
  }
}

function asStored({ reactions: _reactions, image: _image, ...rest }: Message): StoredMessage {
  return rest;
}

function firstDifference<T>(actual: readonly T[], expected: readonly T[], tell: (text: string) => void): void {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    if (isDeepStrictEqual(actual[index], expected[index])) continue;
    const text = (item: T | undefined) => (item === undefined ? 'nothing' : JSON.stringify(item));
    const lengths = `(${actual.length} of ${expected.length})`;
    return tell(`at place ${index + 1} ${lengths} is ${text(actual[index])} instead of ${text(expected[index])}`);
  }
}
