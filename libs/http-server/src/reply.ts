/** What a handler returns to choose the status itself. */
export type Reply = { readonly [isReply]: true; readonly status: number; readonly body: unknown };

const isReply: unique symbol = Symbol('reply');

/** `status` and a JSON body; without a body the answer has none. */
export function reply(status: number, body?: unknown): Reply {
  return { [isReply]: true, status, body };
}

export function asReply(result: unknown, status: number): Reply {
  if (typeof result === 'object' && result !== null && isReply in result) return result as Reply;
  return reply(result === undefined ? 204 : status, result);
}
