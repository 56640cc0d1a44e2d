import { describe, expect, it } from 'vitest';
import { encodeEvents } from './encode-events.ts';
import { blockedEvent } from './test-rabbit.fixture.ts';
import type { ParleyEvent } from './types.ts';

const entry = (event: ParleyEvent) => ({ event });
const parse = (content: Buffer): unknown => JSON.parse(content.toString());

describe('encodeEvents', () => {
  it('leaves a lone event as it is', () => {
    const event = blockedEvent();
    const [message, ...more] = encodeEvents([entry(event)]);
    expect(more).toEqual([]);
    expect(message).toMatchObject({ id: event.id, type: 'user.blocked', events: [{ event }] });
    expect(message && parse(message.content)).toEqual(event);
  });

  it('makes one batch of each type, with an id of its own', () => {
    const [a, b, c] = [blockedEvent(), { ...blockedEvent(), type: 'user.unblocked' } as ParleyEvent, blockedEvent()];
    const messages = encodeEvents([a, b, c].map(entry));
    expect(messages.map(({ type, events }) => [type, events.length])).toEqual([
      ['user.blocked', 2],
      ['user.unblocked', 1],
    ]);
    const [batch] = messages;
    expect(batch && parse(batch.content)).toEqual({
      id: batch?.id,
      type: 'user.blocked',
      version: 2,
      at: a.at,
      payload: [a, c].map(({ id, at, payload }) => ({ id, at, payload })),
    });
    expect([a.id, c.id]).not.toContain(batch?.id);
  });

  it('splits what is too large for one message', () => {
    const large = (): ParleyEvent => ({ ...blockedEvent(), at: 'x'.repeat(100 * 1024) });
    const messages = encodeEvents([large(), large(), large()].map(entry));
    expect(messages.map(({ events }) => events.length)).toEqual([2, 1]);
  });
});
