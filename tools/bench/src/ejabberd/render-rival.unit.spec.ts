import { describe, expect, it } from 'vitest';
import { measured } from '../measured.fixture.ts';
import { renderRival } from './render-rival.ts';

describe('renderRival', () => {
  it('shows both and what one is to the other', () => {
    const text = renderRival(
      measured({ deliveriesPerSecond: 2_000, cpu: { 'chat-api': 0.3, mongodb: 0.4 } }),
      measured({ deliveriesPerSecond: 1_000, cpu: { ejabberd: 0.9, postgresql: 0.5 }, errors: { 'not archived': 3 } }),
    );
    expect(text).toMatch(/deliveries\/s\s+2,000\s+1,000\s+2\.00x/);
    expect(text).toMatch(/CPU-s per 1,000 messages\s+0\.700\s+1\.400\s+0\.50x/);
    expect(text).toMatch(/ {2}ejabberd\s+0\.900/);
    expect(text).toMatch(/refused\s+0\s+3 not archived/);
  });
});
