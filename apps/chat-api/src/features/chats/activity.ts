import type { ChatId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { ChatDocument } from '../../database.ts';

/** The order of a person's chats: the one with the newest message first. The id breaks ties. */
export const BY_ACTIVITY = { 'last.at': -1, _id: -1 } as const;

/** A place in that order: when a chat was last active, in milliseconds, and its id. */
export type Activity = { at: number; chatId: ChatId };

const position = z.tuple([z.number().int(), z.guid()]);

export const activityOf = ({ _id, last }: Pick<ChatDocument, '_id'> & { last: Pick<ChatDocument['last'], 'at'> }) =>
  ({ at: last.at.getTime(), chatId: _id }) satisfies Activity;

/** The chats after a place. */
export function lessActiveThan({ at, chatId }: Activity): Filter<ChatDocument> {
  const time = new Date(at);
  const before = { $or: [{ 'last.at': { $lt: time } }, { 'last.at': time, _id: { $lt: chatId } }] };
  // Says it once more in a way that bounds the index, so that a page reads none of the pages before it.
  return { 'last.at': { $lte: time }, ...before };
}

export function encodeActivity({ at, chatId }: Activity): string {
  return Buffer.from(JSON.stringify([at, chatId])).toString('base64url');
}

/**
 * @param path where the cursor stood in the request
 * @throws HttpProblem invalid_request for a cursor that no page gave
 */
export function decodeActivity(cursor: string, path: 'query.cursor' | 'body.cursor'): Activity {
  try {
    const [at, chatId] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { at, chatId: chatId as ChatId };
  } catch {
    throw new HttpProblem('invalid_request', 'The request is not valid.', {
      errors: [{ path, message: 'is not a cursor of this list' }],
    });
  }
}
