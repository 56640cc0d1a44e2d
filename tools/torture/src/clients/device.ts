import type { HeadWithMarks, MarksById, Message, SyncAnswer } from '@parley/contracts';
import { mergeWatermarks, NO_WATERMARKS, type ChatId } from '@parley/domain';
import type { DeviceView } from '../history.ts';
import type { Random } from '../random.ts';
import type { Recorder } from '../recorder.ts';
import type { Account, Session } from './account.ts';
import { callHttp, type Outcome } from './http.ts';
import { openLine, type Line } from './line.ts';
import { createReceipts } from './receipts.ts';
import { emptyTimeline, hasGap, syncedTo, take } from './timeline.ts';

export type DeviceOptions = {
  name: string;
  account: Account;
  session: Session;
  chatId: ChatId;
  entries: readonly string[];
  random: Random;
  recorder: Recorder;
  /** Between two comparisons of heads; Infinity for a device that never compares. */
  headsEveryMs: number;
};

/** One device of a person, in one chat, that does what docs/protocol.md asks of a client. */
export type Device = {
  name: string;
  account: Account;
  line: Line;
  /** A call of the API with the device's token, through either entry. */
  call<T>(method: string, path: string, body?: object): Promise<Outcome<T>>;
  /** Gets a new access token. */
  renew(): Promise<void>;
  messages(): readonly Message[];
  /** A message or a change that the device was told of in answer to what it did. */
  learn(message: Message): void;
  /** A server's answer about watermarks, to a request made when `floor` was known. */
  hearMarks(marks: MarksById, floor: MarksById): void;
  marks(): MarksById;
  /** Reports everything that is shown as seen, until it is acknowledged. */
  seeAll(): void;
  isCaughtUpWith(head: { seq: number; rev: number }): boolean;
  isReportedUpTo(seq: number): boolean;
  /** For a person who asks why it isn't there yet. */
  describe(): string;
  view(): DeviceView;
  close(): void;
};

const GAP_MS = 250;
const SYNC_AGAIN_MS = 1_000;

export function createDevice(o: DeviceOptions): Device {
  const { chatId, recorder, random } = o;
  const timeline = emptyTimeline();
  let marks: MarksById = {};
  let syncing: Promise<void> | undefined;
  let gapTimer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const violated = (rule: string, evidence: string): void =>
    recorder.violated({ rule, chatId, evidence: `${o.name}: ${evidence}` });
  const call: Device['call'] = async (method, path, body) => {
    const answer = await callHttp<never>(random.pick(o.entries), method, path, {
      token: o.session.token(),
      ...(body ? { body } : {}),
    });
    if (answer.kind === 'refused' && answer.code === 'unauthorized') await o.session.renew();
    if (answer.kind === 'refused' && answer.code === 'internal_error')
      violated('no internal error', `${method} ${path}`);
    return answer;
  };
  const mergeMarks = (reported: MarksById): void => {
    const all = new Set([...Object.keys(marks), ...Object.keys(reported)]);
    marks = Object.fromEntries(
      [...all].map((id) => [id, mergeWatermarks(marks[id] ?? NO_WATERMARKS, reported[id] ?? NO_WATERMARKS)]),
    );
  };
  const hearMarks: Device['hearMarks'] = (reported, floor) => {
    for (const [userId, before] of Object.entries(floor)) {
      const now = reported[userId] ?? NO_WATERMARKS;
      if (now.delivered < before.delivered || now.seen < before.seen) {
        violated('receipts never fall', `${userId} was ${JSON.stringify(before)}, then ${JSON.stringify(now)}`);
      }
    }
    recorder.answeredMarks(chatId, reported);
    mergeMarks(reported);
  };
  const learn = (message: Message): void => {
    const before = timeline.messages.length;
    const wrong = take(timeline, message);
    if (wrong !== undefined) violated('one content for one place', wrong);
    if (timeline.messages.length > before) receipts.shown(timeline.messages.length);
    if (hasGap(timeline)) gapTimer ??= setTimeout(sync, GAP_MS);
  };

  const fetchPage = async (): Promise<'more' | 'done' | 'failed'> => {
    const floor = marks;
    const answer = await call<SyncAnswer>('POST', '/chat/sync', { cursors: { [chatId]: timeline.rev } });
    if (answer.kind !== 'ok') return 'failed';
    const chat = answer.value.chats.find(({ id }) => id === chatId);
    if (!chat) {
      violated('sync names every chat that was asked for', JSON.stringify(answer.value).slice(0, 300));
      return 'failed';
    }
    hearMarks(chat.marks, floor);
    for (const message of chat.messages) learn(message);
    const last = chat.messages.at(-1);
    syncedTo(timeline, chat.hasMore && last ? last.rev : chat.head.rev);
    return chat.hasMore ? 'more' : 'done';
  };
  const syncNow = async (): Promise<void> => {
    recorder.counts.syncs += 1;
    for (let state = await fetchPage(); state !== 'done' && !isClosed; state = await fetchPage()) {
      if (state === 'failed') await new Promise((resolve) => setTimeout(resolve, random.int(200, SYNC_AGAIN_MS)));
    }
  };
  const sync = (): void => {
    clearTimeout(gapTimer);
    gapTimer = undefined;
    syncing ??= syncNow().finally(() => (syncing = undefined));
  };

  const compareHeads = async (): Promise<void> => {
    const floor = marks;
    const answer = await line.ask('heads', { chatIds: [chatId] });
    const head = answer.kind === 'ok' ? (answer.value.heads[chatId] as HeadWithMarks | undefined) : undefined;
    if (!head) return;
    hearMarks(head.marks, floor);
    // It may be seconds behind what was pushed, never ahead of what can be fetched.
    if (head.rev > timeline.rev || head.seq > timeline.messages.length) sync();
  };
  const heads = Number.isFinite(o.headsEveryMs)
    ? setInterval(() => void compareHeads(), o.headsEveryMs * (0.8 + 0.4 * random.next()))
    : undefined;

  const line = openLine({
    entries: o.entries,
    session: o.session,
    random,
    onReady: () => {
      recorder.counts.connects += 1;
      void line.ask('join', { chatId });
      sync();
      receipts.resume();
    },
    listen: (socket) => {
      socket.on('message', ({ message }) => learn(message));
      socket.on('message:updated', ({ message }) => learn(message));
      socket.on('sync:required', sync);
      socket.on('message:delivered', ({ userId, seq }) => mergeMarks({ [userId]: { delivered: seq, seen: 0 } }));
      socket.on('message:seen', ({ userId, seq }) => mergeMarks({ [userId]: { delivered: seq, seen: seq } }));
    },
  });
  const receipts = createReceipts({ chatId, line, call, random, recorder, hearMarks, marks: () => marks });

  return {
    name: o.name,
    account: o.account,
    line,
    call,
    renew: o.session.renew,
    messages: () => timeline.messages,
    learn,
    hearMarks,
    marks: () => marks,
    seeAll: () => receipts.seeAll(timeline.messages.length),
    isCaughtUpWith: ({ seq, rev }) => timeline.messages.length === seq && timeline.rev === rev,
    isReportedUpTo: (seq) => receipts.seenUpTo() >= seq,
    describe: () =>
      `${line.isUp() ? 'up' : 'down'}, ${timeline.messages.length} messages, rev ${timeline.rev}, seen ${receipts.seenUpTo()}`,
    view: () => ({
      device: o.name,
      userId: o.account.userId,
      shown: [...timeline.shown],
      messages: [...timeline.messages],
      marks,
    }),
    close: () => {
      isClosed = true;
      clearInterval(heads);
      clearTimeout(gapTimer);
      receipts.close();
      line.close();
    },
  };
}
