import type { Chat, Head, MarksById, Message } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { checkRun, type LedgerProblem } from '../ledger/check.ts';
import { contradicts, withProblems } from '../ledger/ledger.ts';
import { contradictionsOf, type Proof } from '../ledger/proofs.ts';
import type { Sha256 } from '../ledger/sha256.ts';
import { mergeMarks, newestOf, recounted, type ChatState } from './chat-state.ts';
import { kept } from './kept.ts';
import { isBehind, withChange, withKnown, withOlder, withRange, type Revisions } from './revisions.ts';
import { lastOf, type Run } from './runs.ts';
import { cursorOf, withHead, withJump, withMessages, withNewestPage, withNextPage, type Timeline } from './timeline.ts';

/** What a client hears of one chat. */
export type ChatHeard =
  /** The chat's line, as the list or a push shows it. */
  | { type: 'listed'; chat: Chat }
  /** A message by itself, new or changed: a push, or the answer to one's own request. */
  | { type: 'message'; message: Message }
  /** A page of the history, with the head as it was when the page was read or before. */
  | { type: 'page'; at: 'newest' | 'next' | 'jump'; messages: Run; head: Head }
  /** All changes after the rev `from`; up to the last of `messages` where there are more, else up to the head. */
  | { type: 'synced'; from: number; messages: readonly Message[]; hasMore: boolean; head: Head; marks: MarksById }
  | { type: 'head'; head: Head; marks: MarksById }
  | { type: 'marks'; marks: MarksById }
  /** A member has got as far as the message with this hash. */
  | { type: 'receipt'; userId: UserId; kind: 'delivered' | 'seen'; seq: number; hash: string }
  /** Something was found that doesn't hold, by asking for it. */
  | { type: 'problem'; problem: LedgerProblem }
  /** Whoever jumped back wants to see the newest again. */
  | { type: 'window closed' };

/** What is to be done about it. `fetch`: changes are missing that pushes in flight may still bring; `fetch now`: they can't. */
export type ChatEffect = 'fetch' | 'fetch now' | { divergence: LedgerProblem };

export type Step = { chat: ChatState; effects: readonly ChatEffect[] };
export type StepContext = {
  me: UserId;
  sha256: Sha256;
  /** What this device had verified of the chat before this session. */
  proof?: Proof | undefined;
};

/** The state machine of one chat: what was held and what was heard make what is held now, and what is to be done. Nothing else is read, nothing is written. */
export function step(chat: ChatState, heard: ChatHeard, { me, sha256, proof }: StepContext): Step {
  const next = kept(chat, recounted(take(chat, heard, me), me));
  const found = [
    ...checkRun(chat.timeline.messages, next.timeline.messages, sha256),
    ...checkRun(chat.timeline.window ?? [], next.timeline.window ?? [], sha256),
    ...contradictions(next, heard),
    ...(proof === undefined ? [] : contradictionsOf(proof, next.timeline, heard)),
    ...(heard.type === 'problem' ? [heard.problem] : []),
  ];
  const { ledger, added } = withProblems(next.ledger, found);
  return {
    chat: added.length === 0 ? next : { ...next, ledger },
    effects: [...fetchEffect(chat, next, heard), ...added.map((divergence) => ({ divergence }))],
  };
}

function take(chat: ChatState, heard: ChatHeard, me: UserId): ChatState {
  switch (heard.type) {
    case 'listed':
      return listed(chat, heard.chat);
    case 'message':
      return withLine(chat, [heard.message], me, {
        timeline: withMessages(chat.timeline, [heard.message]),
        revisions: withChange(chat.revisions, heard.message.rev),
      });
    case 'page':
      return withPage(chat, heard, me);
    case 'synced': {
      const upTo = heard.hasMore ? (heard.messages.at(-1)?.rev ?? heard.from) : heard.head.rev;
      const timeline = withHead(withMessages(chat.timeline, heard.messages), heard.head.seq);
      const synced = withLine(chat, heard.messages, me, {
        timeline,
        // More may be there than the head said, which was read first.
        revisions: withKnown(
          withRange(chat.revisions, heard.from, upTo),
          Math.max(heard.head.rev, heard.hasMore ? upTo + 1 : 0),
        ),
      });
      return { ...synced, marks: mergeMarks(synced.marks, heard.marks) };
    }
    case 'head':
      return {
        ...chat,
        marks: mergeMarks(chat.marks, heard.marks),
        timeline: withHead(chat.timeline, heard.head.seq),
        revisions: withKnown(chat.revisions, heard.head.rev),
      };
    case 'marks':
      return { ...chat, marks: mergeMarks(chat.marks, heard.marks) };
    case 'receipt': {
      const marks = { delivered: heard.seq, seen: heard.kind === 'seen' ? heard.seq : 0 };
      return { ...chat, marks: mergeMarks(chat.marks, { [heard.userId]: marks }) };
    }
    case 'problem':
      return chat;
    case 'window closed':
      return chat.timeline.window === null ? chat : { ...chat, timeline: { ...chat.timeline, window: null } };
  }
}

/** The list counts what is unread; where the history is held its changes come by themselves, so that its line only says how far they go. */
function listed(chat: ChatState, line: Chat): ChatState {
  const { timeline, revisions } = chat;
  return {
    ...chat,
    lastSeq: Math.max(chat.lastSeq, line.lastSeq),
    lastMessage: newestOf(chat.lastMessage, line.lastMessage),
    unread: line.lastSeq >= chat.lastSeq ? line.unread : chat.unread,
    marks: mergeMarks(chat.marks, line.marks),
    timeline: withHead(timeline, line.lastSeq),
    revisions: timeline.loaded ? withKnown(revisions, line.lastRev) : withRange(revisions, 0, line.lastRev),
  };
}

function withPage(chat: ChatState, page: Extract<ChatHeard, { type: 'page' }>, me: UserId): ChatState {
  const isFirst = page.at === 'newest' && !joinsOn(chat.timeline, page.messages);
  const moved = isFirst ? withFirstPage(chat, page) : withFurtherPage(chat, page);
  const shown = { ...moved, timeline: withHead(moved.timeline, page.head.seq) };
  return withLine(chat, page.messages.slice(-1), me, shown);
}

/** From here on changes are followed: the page is as new as its head, and what was pushed meanwhile is newer. */
function withFirstPage({ timeline, revisions }: ChatState, page: { messages: Run; head: Head }) {
  const pushed = timeline.loaded ? [] : timeline.waiting;
  const start: Revisions = { cursor: page.head.rev, early: [], known: Math.max(revisions.known, newestRev(page)) };
  return {
    timeline: withNewestPage(timeline, page.messages),
    revisions: pushed.reduce((reached, { rev }) => withChange(reached, rev), start),
  };
}

function withFurtherPage({ timeline, revisions }: ChatState, page: Extract<ChatHeard, { type: 'page' }>) {
  const place = { newest: (held: Timeline) => held, next: withNextPage, jump: withJump }[page.at];
  return {
    timeline: withMessages(place(timeline, page.messages), page.messages),
    revisions: withKnown(withOlder(revisions, page.head.rev), newestRev(page)),
  };
}

/** The newest change that a page tells of: its messages may be newer than its head. */
const newestRev = (page: { messages: Run; head: Head }): number =>
  page.messages.reduce((newest, { rev }) => Math.max(newest, rev), page.head.rev);

const joinsOn = (timeline: Timeline, page: Run): boolean =>
  timeline.loaded && (page.length === 0 || (page[0]?.seq ?? 0) <= cursorOf(timeline) + 1);

/** `chat` with what changed, and with its line in the list as `heard` makes it. */
function withLine(
  chat: ChatState,
  heard: readonly Message[],
  me: UserId,
  changed: { timeline: Timeline; revisions: Revisions },
): ChatState {
  const newest = heard.reduce(newestOf, chat.lastMessage);
  const isUnread = (message: Message) =>
    message.seq > chat.lastSeq && message.senderId !== me && message.deletedAt === null;
  return {
    ...chat,
    ...changed,
    lastSeq: Math.max(chat.lastSeq, newest?.seq ?? 0),
    lastMessage: newest,
    unread: chat.unread + heard.filter(isUnread).length,
  };
}

/** Words of the server and of the other member about hashes that are not those held. */
function contradictions({ timeline, revisions }: ChatState, heard: ChatHeard): LedgerProblem[] {
  const problems: LedgerProblem[] = [];
  const { messages } = timeline;
  if (heard.type === 'receipt' && contradicts(messages, heard.seq, heard.hash)) {
    problems.push({ kind: 'receipt', seq: heard.seq });
  }
  if ('head' in heard && contradicts(messages, heard.head.seq, heard.head.hash)) {
    problems.push({ kind: 'head', seq: heard.head.seq });
  }
  // Everything has come, and still there is a hole.
  if (timeline.loaded && !isBehind(revisions) && timeline.waiting.length > 0) {
    problems.push({ kind: 'missing', seq: lastOf(messages) + 1 });
  }
  return problems;
}

function fetchEffect(before: ChatState, after: ChatState, heard: ChatHeard): ChatEffect[] {
  if (!isBehind(after.revisions)) return [];
  // The list may lag behind the messages: what it doesn't have yet, another look at once won't find either.
  if (heard.type === 'listed' && !after.timeline.loaded) return [];
  const wentBack = after.revisions.cursor < before.revisions.cursor;
  return [wentBack || heard.type === 'synced' ? 'fetch now' : 'fetch'];
}
