import { otherMember, type MemberPair, type UserId, type Watermarks } from '@parley/domain';

export type ReceiptKind = 'delivered' | 'seen';

/** A watermark that rose; `audience`: who may know, both members when it is left out. */
export type ReceiptNews = { kind: ReceiptKind; marks: Watermarks; audience?: UserId[] };

/**
 * What others are told when a member reports how far they got. Where read receipts are hidden, `seen` goes to the reader's own
 * devices only; that the messages arrived, which it implies, is no secret.
 */
export function decideReceipts(o: {
  kind: ReceiptKind;
  reader: UserId;
  members: MemberPair;
  before: Watermarks;
  marks: Watermarks;
  isPrivate: boolean;
}): ReceiptNews[] {
  const { kind, reader, before, marks } = o;
  if (marks[kind] <= before[kind]) return [];
  if (kind === 'delivered' || !o.isPrivate) {
    const shown = o.isPrivate ? { ...marks, seen: 0 } : marks;
    return [{ kind, marks: shown }];
  }
  const own: ReceiptNews = { kind, marks, audience: [reader] };
  const other = otherMember(o.members, reader);
  if (marks.delivered === before.delivered || other === undefined) return [own];
  return [own, { kind: 'delivered', marks: { ...marks, seen: 0 }, audience: [other] }];
}
