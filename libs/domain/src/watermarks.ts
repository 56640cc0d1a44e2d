import type { UserId } from './ids.ts';

/** How far one member has got in a chat: both are a `seq`, 0 for nothing, and `delivered >= seen`. */
export type Watermarks = { readonly delivered: number; readonly seen: number };

/** Watermarks of both members of a chat. */
export type Marks = Readonly<Record<UserId, Watermarks>>;

export const NO_WATERMARKS: Watermarks = { delivered: 0, seen: 0 };

/**
 * Two reports about the same member merged: watermarks only rise, and what was seen was delivered. The merge is commutative,
 * associative and idempotent, so reports may come late, twice and in any order.
 */
export function mergeWatermarks(a: Watermarks, b: Watermarks): Watermarks {
  const seen = Math.max(a.seen, b.seen);
  return { delivered: Math.max(a.delivered, b.delivered, seen), seen };
}

/** `reported` limited to what exists: 0..head. */
export function clampToHead(reported: number, head: number): number {
  return Math.max(0, Math.min(reported, head));
}

export type DeliveryState = 'sent' | 'delivered' | 'seen';

/** The tick under one's own message, from the other member's watermarks. */
export function deliveryState(seq: number, other: Watermarks): DeliveryState {
  if (other.seen >= seq) return 'seen';
  return other.delivered >= seq ? 'delivered' : 'sent';
}
