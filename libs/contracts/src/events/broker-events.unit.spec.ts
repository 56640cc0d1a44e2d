import { describe, expect, it } from 'vitest';
import { brokerEvent, EXCHANGE_OF, EXCHANGES } from './broker-events.ts';

const ID = '018f3b1e-7c00-7000-8000-000000000001';
const event = {
  id: `user.blocked:${ID}`,
  type: 'user.blocked',
  version: 1,
  at: '2026-01-01T00:00:00.000Z',
  payload: { userId: ID, blockedUserId: ID },
};

describe('brokerEvent', () => {
  it('is told apart by its type', () => {
    expect(brokerEvent.parse(event)).toEqual(event);
  });

  it.each([[{ type: 'user.exploded' }], [{ version: 2 }], [{ payload: {} }], [{ id: '' }]])('refuses %j', (wrong) => {
    expect(brokerEvent.safeParse({ ...event, ...wrong }).success).toBe(false);
  });
});

describe('EXCHANGE_OF', () => {
  it('has an exchange for every type', () => {
    const types = brokerEvent.options.map((option) => option.shape.type.value);
    for (const type of types) expect(EXCHANGES).toContain(EXCHANGE_OF[type]);
    expect(Object.keys(EXCHANGE_OF).sort()).toEqual([...types].sort());
  });
});
