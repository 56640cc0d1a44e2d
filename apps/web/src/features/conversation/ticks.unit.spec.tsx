import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Ticks, type TickState } from './ticks.tsx';

const LABELS: Record<TickState, string> = {
  pending: 'Waiting to be sent',
  sent: 'Sent',
  delivered: 'Delivered',
  seen: 'Seen',
  failed: 'Not sent',
};

describe('ticks', () => {
  afterEach(cleanup);

  it.each(Object.entries(LABELS) as [TickState, string][])('tell %s to those who cannot see them', (state, label) => {
    render(<Ticks state={state} />);
    expect(screen.getByRole('img', { name: label }).dataset['tick']).toBe(state);
  });

  it('differ in colour alone between delivered and seen', () => {
    const { container } = render(
      <>
        <Ticks state="delivered" />
        <Ticks state="seen" />
      </>,
    );
    const [delivered, seen] = container.children;
    expect(delivered?.innerHTML).toBe(seen?.innerHTML);
    expect(delivered?.className).not.toBe(seen?.className);
  });
});
