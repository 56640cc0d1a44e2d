import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@parley/contracts';
import type { ChatId, ClientMessageId } from '@parley/domain';
import type { Random } from '../random.ts';
import type { Recorder } from '../recorder.ts';
import type { Device } from './device.ts';
import type { Outcome } from './http.ts';

type Answer = { message: Message };

export type Actor = {
  /** Does one thing, until it is acknowledged. */
  act(): Promise<void>;
  send(): Promise<void>;
};

const AGAIN_MS = { from: 150, to: 1_500 };
const OVER_SOCKET = 0.65;
/** Of the sends: as a client that lost patience too early, the same message twice at once. */
const TWICE_AT_ONCE = 0.04;
const REPLY = 0.1;
/** What Redis carries, and may lose: nobody waits for its answer. */
const TYPE_FIRST = 0.2;
/** Of the acts: the rest are sends. */
const EDIT = 0.06;
const DELETE = 0.015;
const REACT = 0.07;
const RENEW = 0.004;
/** Of the edits: as two devices that know nothing of one another, two of the same text at once. */
const EDITED_TWICE_AT_ONCE = 0.25;
/** Refusals that end the matter: another device was quicker, or a limit is reached. */
const FINAL = new Set(['message_deleted', 'edit_conflict', 'too_many_reactions']);
/** Acts on older messages choose among the newest ones. */
const REACH = 30;
const EMOJI = ['👍', '❤️', '😂', '🎉', '😮'];

/** Refusals that a good client must not get: whatever is broken, it did nothing wrong. */
const IMPOSSIBLE = new Set([
  'idempotency_conflict',
  'chat_not_found',
  'message_not_found',
  'reply_not_found',
  'not_sender',
  'forbidden',
  'blocked',
  'invalid_request',
]);

/** What a person does on one device. Whatever it begins it repeats until it is answered. */
export function createActor(o: {
  device: Device;
  chatId: ChatId;
  random: Random;
  recorder: Recorder;
  isGivenUp(): boolean;
}): Actor {
  const { device, chatId, random, recorder } = o;
  let count = 0;

  /** Repeats until answered; a refusal that ends the matter is given back as undefined. */
  const untilAnswered = async (attempt: () => Promise<Outcome<Answer>>, what: string): Promise<Message | undefined> => {
    while (!o.isGivenUp()) {
      const answer = await attempt();
      if (answer.kind === 'ok') {
        recorder.acknowledged(answer.value.message);
        device.learn(answer.value.message);
        return answer.value.message;
      }
      if (answer.kind === 'refused') {
        recorder.refused(answer.code);
        if (IMPOSSIBLE.has(answer.code)) {
          recorder.violated({ rule: 'nothing honest is refused', chatId, evidence: `${what}: ${answer.code}` });
          return undefined;
        }
        if (FINAL.has(answer.code)) return undefined;
      }
      recorder.counts.retries += 1;
      await sleep(random.int(AGAIN_MS.from, AGAIN_MS.to));
    }
    return undefined;
  };

  const send = async (): Promise<void> => {
    count += 1;
    const replied = random.chance(REPLY) ? device.messages().at(-1)?.seq : undefined;
    const body = {
      chatId,
      clientMessageId: randomUUID() as ClientMessageId,
      text: `${device.name} says ${count}${'.'.repeat(random.int(0, 100))}`,
      ...(replied === undefined ? {} : { replyToSeq: replied }),
    };
    if (device.line.isUp() && random.chance(TYPE_FIRST)) void device.line.ask('typing', { chatId, typing: true });
    recorder.attempted({ ...body, senderId: device.account.userId });
    const attempt = (): Promise<Outcome<Answer>> =>
      device.line.isUp() && random.chance(OVER_SOCKET)
        ? device.line.ask('sendMessage', body)
        : device.call<Answer>('POST', '/chat/message', body);
    const once = () => untilAnswered(attempt, `sending ${body.clientMessageId}`);
    await Promise.all(random.chance(TWICE_AT_ONCE) ? [once(), once()] : [once()]);
  };

  const change = async (message: Message): Promise<void> => {
    const path = `/chat/message/${message.id}`;
    const dice = random.next() * (EDIT + DELETE);
    if (dice < EDIT) {
      const edit = async (): Promise<void> => {
        recorder.counts.edits += 1;
        const text = `${device.name} corrects ${message.seq} for the ${(count += 1)}. time`;
        const body = { text, replaces: message.text };
        const edited = await untilAnswered(() => device.call('PATCH', path, body), `editing ${message.id}`);
        if (edited) recorder.edited(edited, body);
      };
      await Promise.all(random.chance(EDITED_TWICE_AT_ONCE) ? [edit(), edit()] : [edit()]);
    } else {
      recorder.counts.deletes += 1;
      await untilAnswered(() => device.call('DELETE', path), `deleting ${message.id}`);
    }
  };

  const react = async (message: Message): Promise<void> => {
    recorder.counts.reactions += 1;
    const path = `/chat/message/${message.id}/reactions/${encodeURIComponent(random.pick(EMOJI))}`;
    const method = random.chance(0.75) ? 'PUT' : 'DELETE';
    await untilAnswered(() => device.call(method, path), `reacting to ${message.id}`);
  };

  const act = async (): Promise<void> => {
    const recent = device.messages().slice(-REACH);
    const own = recent.filter(({ senderId, deletedAt }) => senderId === device.account.userId && deletedAt === null);
    const alive = recent.filter(({ deletedAt }) => deletedAt === null);
    const dice = random.next();
    if (dice < EDIT + DELETE && own.length > 0) return change(random.pick(own));
    if (dice > 1 - REACT && alive.length > 0) return react(random.pick(alive));
    if (random.chance(RENEW)) return device.renew();
    return send();
  };

  return { act, send };
}
