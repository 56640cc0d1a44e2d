/** Branded identifiers: a chat's id can't be passed where a user's is wanted. All are UUIDs (RFC 9562) in lower case. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Branded<'UserId'>;
export type ChatId = Branded<'ChatId'>;
export type MessageId = Branded<'MessageId'>;
export type SessionId = Branded<'SessionId'>;
export type UploadId = Branded<'UploadId'>;
/** Made by the sending client, once a message: the idempotency key of a send. */
export type ClientMessageId = Branded<'ClientMessageId'>;

/** The two members of a chat, in ascending order of their ids. */
export type MemberPair = readonly [UserId, UserId];

/**
 * The two members of a one-to-one chat in their one order, whoever opened it.
 * @throws RangeError when both are the same person
 */
export function memberPair(a: UserId, b: UserId): MemberPair {
  if (a === b) throw new RangeError('a chat has two different members');
  return a < b ? [a, b] : [b, a];
}

/** The unique key of the chat of two people: `min:max`. */
export function pairKey([first, second]: MemberPair): string {
  return `${first}:${second}`;
}

/** The member of the pair who is not `self`; undefined when `self` is no member. */
export function otherMember(members: readonly UserId[], self: UserId): UserId | undefined {
  return members.includes(self) ? members.find((member) => member !== self) : undefined;
}
