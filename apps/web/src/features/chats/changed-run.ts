import { withChanges, type ClientState, type MessageChange, type Run } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import type { UserId } from '@parley/domain';

/** By message, as the client's state has them. */
export type Changes = ClientState['changes'];

type Shown = { changes: readonly MessageChange[]; message: Message };

/** How each message was shown last, so that what is shown as before is the same object as before. */
const shown = new WeakMap<Message, Shown>();

/** A message as it will be once its changes are done. */
export function changedMessage(message: Message, changes: readonly MessageChange[] | undefined, me: UserId): Message {
  if (changes === undefined) return message;
  const held = shown.get(message);
  if (held?.changes === changes) return held.message;
  const changed = withChanges(message, changes, me);
  shown.set(message, { changes, message: changed });
  return changed;
}

/** The messages of a run as they will be once all changes are done. */
export const changedRun = (run: Run, changes: Changes, me: UserId): Run =>
  run.some(({ id }) => id in changes) ? run.map((message) => changedMessage(message, changes[message.id], me)) : run;
