import type { Message } from '@parley/contracts';
import type { ChatHistory, StoredMessage } from '../history.ts';
import type { Report } from './report.ts';

/** What never changes once a message was acknowledged. */
const FIXED = [
  'id',
  'chatId',
  'seq',
  'senderId',
  'clientMessageId',
  'replyToSeq',
  'createdAt',
  'prevHash',
  'bodyHash',
  'hash',
] as const satisfies readonly (keyof Message)[];

/** What a change may change, and only with a new `rev`. */
const BY_REV = ['text', 'editedAt', 'deletedAt'] as const satisfies readonly (keyof Message)[];

/** Everything that was acknowledged is stored as it was acknowledged, unless a later change was. */
export function checkAcknowledged({ acknowledged, stored }: ChatHistory, report: Report): void {
  const byId = new Map(stored.map((message) => [message.id, message]));
  const bySent = new Map<string, Message>();
  for (const message of acknowledged) {
    const key = `${message.senderId} ${message.clientMessageId}`;
    const first = bySent.get(key) ?? message;
    bySent.set(key, first);
    if (first.id !== message.id || first.seq !== message.seq) {
      report('nothing twice', `${message.clientMessageId} was answered as seq ${first.seq} and seq ${message.seq}`);
    }
    const kept = byId.get(message.id);
    if (kept) compare(message, kept, report);
    else report('acknowledged is stored', `seq ${message.seq}, ${message.id}, is not there`);
  }
}

function compare(promised: Message, kept: StoredMessage, report: Report): void {
  const differs = (name: keyof StoredMessage): boolean => promised[name] !== kept[name];
  const say = (rule: string, names: readonly (keyof StoredMessage)[]): void =>
    report(
      rule,
      `seq ${promised.seq}, rev ${promised.rev}: ${names.map((name) => `${name} was ${promised[name]}, is ${kept[name]}`).join('; ')}`,
    );
  const changed = FIXED.filter(differs);
  if (changed.length > 0) say('acknowledged is stored', changed);
  if (kept.rev < promised.rev) say('acknowledged is stored', ['rev']);
  const sameRev = kept.rev === promised.rev ? BY_REV.filter(differs) : [];
  if (sameRev.length > 0) say('acknowledged is stored', sameRev);
  if (promised.deletedAt !== null && kept.deletedAt === null) say('deleted stays deleted', ['deletedAt']);
}
