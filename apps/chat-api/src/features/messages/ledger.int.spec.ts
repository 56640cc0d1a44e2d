import { messagesAnswer, type Message } from '@parley/contracts';
import { GENESIS_HASH, verifyLink, type UserId } from '@parley/domain';
import { newUserId } from '@parley/testing';
import type { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edit, get, remove, send } from '../../chat-instance.fixture.ts';
import { useChatApi } from '../../chat-spec.fixture.ts';
import type { Database, MessageDocument } from '../../database.ts';
import { openWorldDatabase } from '../../fill-chat.fixture.ts';
import { sha256 } from './hash.ts';

const t = useChatApi();
let client: MongoClient;
let database: Database;
beforeAll(async () => {
  ({ client, database } = openWorldDatabase(t.world));
});
afterAll(() => client.close());

/** A chat with an edited and a deleted message in it, and what a client that loads it finds wrong: `[seq, fault]`. */
async function chatAndCheck() {
  const { ada, bob, chatId } = await t.chatOfTwo();
  for (const text of ['one', 'two', 'three', 'four', 'five']) await send(t.api, ada, chatId, text);
  const load = async () => {
    const page = messagesAnswer.parse((await get(t.api, `/api/v1/chat/message/${chatId}`, bob)).body);
    return page;
  };
  const { messages } = await load();
  await edit(t.api, ada, messages[1]?.id ?? '', 'deux');
  await remove(t.api, ada, messages[2]?.id ?? '');
  const check = async () => {
    const page = await load();
    const faults: [number, string][] = [];
    let previous = GENESIS_HASH;
    for (const message of page.messages as Message[]) {
      const fault = await verifyLink(previous, message, sha256);
      if (fault) faults.push([message.seq, fault]);
      previous = message.hash;
    }
    if (page.head.hash !== previous) faults.push([page.head.seq, 'head']);
    return faults;
  };
  const tamper = (seq: number, change: Partial<MessageDocument>) =>
    database.messages.updateOne({ chatId, seq }, { $set: change });
  return { check, tamper };
}

describe('the ledger', () => {
  it('holds, also where messages were edited and deleted', async () => {
    expect(await (await chatAndCheck()).check()).toEqual([]);
  });

  it.each<[string, Partial<MessageDocument>, string]>([
    ['its text', { text: 'never said' }, 'body'],
    ['what it answers', { replyTo: { seq: 2 } }, 'body'],
    ['who sent it', { senderId: newUserId() as UserId }, 'hash'],
    ['when', { createdAt: new Date(0) }, 'hash'],
    ['its hash', { hash: 'f'.repeat(64) }, 'hash'],
    ['its body and the hash of it', { text: 'x', bodyHash: sha256('["x",null,null]') }, 'hash'],
  ])('tells a client that somebody changed %s in the database', async (_, change, fault) => {
    const { check, tamper } = await chatAndCheck();
    await tamper(4, change);
    expect((await check())[0]).toEqual([4, fault]);
  });
});
