import type { Head, MarksById } from '@parley/contracts';
import { clampToHead, mergeWatermarks, NO_WATERMARKS } from '@parley/domain';
import type { ChatId, MemberPair, UserId, Watermarks } from '@parley/domain';
import type { ParleyEvent } from '@parley/rabbitmq';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database } from '../../database.ts';
import type { Members } from '../chats/members.ts';
import { presentMarks } from '../chats/present-chat.ts';
import type { Privacy } from '../privacy/privacy.ts';
import type { Heads } from '../messages/heads.ts';
import { decideReceipts, type ReceiptKind, type ReceiptNews } from './decide-receipts.ts';
import type { RaiseWatermarks } from './raise-watermarks.ts';

export type MarkReceipt = (callerId: UserId, input: { chatId: ChatId; seq: number }) => Promise<MarksById>;

export type MarkReceiptDependencies = {
  messages: Database['messages'];
  members: Members;
  heads: Heads;
  privacy: Privacy;
  raise: RaiseWatermarks;
  publish(event: ParleyEvent): Promise<void>;
  clock: Clock;
  logger: Logger;
};

/**
 * Raises the caller's watermark of one kind to `seq`, limited to what exists; `seen` raises `delivered` with it. Reports
 * that come late, twice or at once are merged, so a watermark never falls.
 *
 * The event is told best effort: a lost one is healed by the next, and by comparing heads.
 *
 * @throws HttpProblem chat_not_found
 */
export function createMarkReceipt(kind: ReceiptKind, d: MarkReceiptDependencies): MarkReceipt {
  const headFor = async (chatId: ChatId, seq: number): Promise<Head> => {
    const cached = d.heads.cached(chatId);
    if (cached && seq <= cached.seq) return cached;
    const head = await d.heads.read(chatId);
    d.heads.advance(chatId, head);
    return head;
  };

  const tell = async (o: { chatId: ChatId; userId: UserId; members: MemberPair; head: Head } & ReceiptNews) => {
    const { chatId, userId, members, head, kind, marks, audience } = o;
    const seq = marks[kind];
    const stored =
      seq === head.seq ? head : await d.messages.findOne({ chatId, seq }, { projection: { _id: 0, hash: 1 } });
    if (!stored) return;
    await d.publish({
      id: `receipt:${chatId}:${userId}:${kind}:${seq}`,
      type: 'receipt.updated',
      version: 1,
      at: d.clock().toISOString(),
      payload: {
        members: [...members],
        chatId,
        userId,
        kind,
        seq,
        hash: stored.hash,
        marks,
        ...(audience && { audience }),
      },
    });
  };

  return async (callerId, { chatId, seq }) => {
    const members = await d.members.require(chatId, callerId);
    const head = await headFor(chatId, seq);
    const at = clampToHead(seq, head.seq);
    const reported: Watermarks = { delivered: at, seen: kind === 'seen' ? at : 0 };

    const before = await d.raise(chatId, callerId, reported);
    const previous = before[callerId] ?? NO_WATERMARKS;
    const marks = mergeWatermarks(previous, reported);
    const isPrivate = await d.privacy.hidesReceipts(members);
    for (const news of decideReceipts({ kind, reader: callerId, members, before: previous, marks, isPrivate })) {
      tell({ chatId, userId: callerId, members, head, ...news }).catch((err: unknown) =>
        d.logger.debug({ err, chatId }, 'receipt not told'),
      );
    }
    return presentMarks({ members, marks: { ...before, [callerId]: marks } }, { viewer: callerId, isPrivate });
  };
}
