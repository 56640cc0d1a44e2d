import type { MarksById } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import type { Random } from '../random.ts';
import type { Recorder } from '../recorder.ts';
import type { Device } from './device.ts';
import type { Line } from './line.ts';

const AGAIN_MS = { from: 200, to: 1_500 };
/** Mostly over the socket; some over HTTP. */
const OVER_SOCKET = 0.8;
const SEEN_AT_ONCE = 0.5;

export type Receipts = {
  /** The list ends at `seq` now. */
  shown(seq: number): void;
  seeAll(seq: number): void;
  /** How far the server has acknowledged that everything is seen. */
  seenUpTo(): number;
  resume(): void;
  close(): void;
};

/** Reports of one device: one under way at a time, always the newest, until each is acknowledged. */
export function createReceipts(o: {
  chatId: ChatId;
  line: Line;
  call: Device['call'];
  random: Random;
  recorder: Recorder;
  marks(): MarksById;
  hearMarks(marks: MarksById, floor: MarksById): void;
}): Receipts {
  const { chatId, line, random } = o;
  const wanted = { delivered: 0, seen: 0 };
  const acknowledged = { delivered: 0, seen: 0 };
  let isClosed = false;
  let running: Promise<void> | undefined;

  const report = async (kind: 'delivered' | 'seen', seq: number): Promise<boolean> => {
    const floor = o.marks();
    const answer =
      line.isUp() && random.chance(OVER_SOCKET)
        ? await line.ask(kind, { chatId, seq })
        : await o.call<{ marks: MarksById }>('POST', `/chat/${kind}`, { chatId, seq });
    if (answer.kind !== 'ok') return false;
    o.recorder.counts.receipts += 1;
    o.hearMarks(answer.value.marks, floor);
    acknowledged.delivered = Math.max(acknowledged.delivered, seq);
    if (kind === 'seen') acknowledged.seen = Math.max(acknowledged.seen, seq);
    return true;
  };
  const next = (): 'delivered' | 'seen' | undefined => {
    if (isClosed) return undefined;
    if (wanted.seen > acknowledged.seen) return 'seen';
    return wanted.delivered > acknowledged.delivered ? 'delivered' : undefined;
  };
  const work = async (): Promise<void> => {
    for (let kind = next(); kind; kind = next()) {
      if (!(await report(kind, wanted[kind]))) {
        await new Promise((resolve) => setTimeout(resolve, random.int(AGAIN_MS.from, AGAIN_MS.to)));
      }
    }
  };
  const resume = (): void => {
    running ??= work().finally(() => (running = undefined));
  };

  return {
    shown: (seq) => {
      wanted.delivered = Math.max(wanted.delivered, seq);
      if (random.chance(SEEN_AT_ONCE)) wanted.seen = Math.max(wanted.seen, seq);
      resume();
    },
    seeAll: (seq) => {
      wanted.seen = Math.max(wanted.seen, seq);
      resume();
    },
    seenUpTo: () => acknowledged.seen,
    resume,
    close: () => {
      isClosed = true;
    },
  };
}
