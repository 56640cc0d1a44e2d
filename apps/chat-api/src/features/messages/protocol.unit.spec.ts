import { readFileSync } from 'node:fs';
import { ERROR_STATUS, messageText } from '@parley/contracts';
import { GENESIS_HASH, type MessageId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { composeMessage, hashBody } from './compose-message.ts';
import { presentMessage } from './present-message.ts';

const protocol = readFileSync(new URL('../../../../../docs/protocol.md', import.meta.url), 'utf8');

describe('docs/protocol.md', () => {
  it('shows a ledger exactly as messages are stored', () => {
    const example = JSON.parse(/```json\n([^`]+)```/.exec(protocol)?.[1] ?? '[]') as ReturnType<
      typeof presentMessage
    >[];
    expect(example).toHaveLength(2);
    let prevHash = GENESIS_HASH;
    for (const link of example) {
      const content = { text: messageText.parse(link.text), replyToSeq: link.replyToSeq ?? undefined };
      const stored = composeMessage({
        ...link,
        image: undefined,
        id: 'm' as MessageId,
        content,
        bodyHash: hashBody(content),
        place: { seq: link.seq, rev: link.seq, prevHash },
        createdAt: new Date(link.createdAt),
      });
      expect(presentMessage(stored, null)).toMatchObject(link);
      prevHash = stored.hash;
    }
  });

  it('lists every error code with its status', () => {
    const rows = protocol
      .slice(protocol.indexOf('## 10.'))
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const listed = rows.flatMap((row) => {
      const [, codes = '', statuses = ''] = row.split('|');
      return [...codes.matchAll(/`(\w+)`/g)].map(([, code = '']) => [code, statuses] as const);
    });
    expect(listed.map(([code]) => code).sort()).toEqual(Object.keys(ERROR_STATUS).sort());
    for (const [code, statuses] of listed)
      expect(statuses).toContain(String(ERROR_STATUS[code as keyof typeof ERROR_STATUS]));
  });
});
