import { describe, expect, it } from 'vitest';
import { renderScreen } from './render.ts';
import type { Row } from './render.ts';
import { createScreen } from './screen.ts';

const row = (part: Partial<Row>): Row => ({
  group: 'app',
  name: 'web',
  state: 'starting',
  detail: '',
  since: 0,
  ...part,
});

describe('renderScreen', () => {
  it('shows engines before apps, times and details, and never a line that wraps', () => {
    const lines = renderScreen(
      {
        title: 'Parley',
        rows: [
          row({ detail: 'x'.repeat(200) }),
          row({ group: 'engine', name: 'redis', state: 'ready', settledAt: 1250, detail: 'apt, 127.0.0.1:6479' }),
          row({ name: 'chat-api', state: 'waiting' }),
        ],
        notes: ['web ended\nand more'],
        footer: ['http://localhost:3000'],
      },
      3000,
      { colour: false, columns: 66 },
    );
    expect(lines.slice(2)).toEqual([
      '  ● redis             ready         1.3 s  apt, 127.0.0.1:6479',
      expect.stringMatching(/^ {2}◌ web {15}starting {6}3\.0 s {2}x+$/),
      '  · chat-api          waiting',
      '',
      '  ! web ended',
      'http://localhost:3000',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(66);
  });
});

function screenOn(isTTY: boolean) {
  let written = '';
  let time = 0;
  const out = { isTTY, columns: 80, write: (text: string) => (written += text) };
  const screen = createScreen({ title: 'Parley', out, plain: false, clock: () => time });
  return { screen, at: (ms: number) => (time = ms), written: () => written };
}

describe('createScreen', () => {
  it('writes one plain line per change where there is no terminal', () => {
    const { screen, at, written } = screenOn(false);
    const redis = { type: 'state', group: 'engine', name: 'redis' } as const;
    screen.listen({ ...redis, state: 'waiting' });
    at(1000);
    screen.listen({ ...redis, state: 'starting', detail: 'PATH' });
    screen.listen({ ...redis, state: 'starting', detail: 'PATH' });
    at(3500);
    screen.listen({ ...redis, state: 'ready' });
    screen.end();
    expect(written().trimEnd().split('\n')).toEqual([
      '[   1.0 s]  ◌ redis             starting      0.0 s  PATH',
      '[   3.5 s]  ● redis             ready         2.5 s  PATH',
    ]);
  });

  it('draws over what it drew before on a terminal', () => {
    const { screen, written } = screenOn(true);
    screen.listen({ type: 'state', group: 'engine', name: 'redis', state: 'ready' });
    screen.listen({ type: 'note', text: 'redis ended and is started again' });
    screen.end();
    expect(written()).toContain('\u001b[3A\u001b[0J');
    expect(written()).toContain('! redis ended');
  });
});
