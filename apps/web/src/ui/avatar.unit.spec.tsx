import { cleanup, fireEvent, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Avatar } from './avatar.tsx';

afterEach(cleanup);

describe('a person’s picture', () => {
  const show = (src: string | null, onBroken = vi.fn()) => {
    const { container, rerender } = render(<Avatar id="1" name="Ada Lovelace" src={src} onBroken={onBroken} />);
    const img = () => container.querySelector('img');
    return { container, img, onBroken, change: (next: string) => rerender(<Avatar id="1" name="Ada Lovelace" src={next} onBroken={onBroken} />) }; // prettier-ignore
  };

  it('is drawn over the initials', () => {
    const { container, img } = show('/a');
    expect(img()?.getAttribute('src')).toBe('/a');
    expect(container.textContent).toContain('AL');
  });

  it('is not asked for where there is none', () => {
    expect(show(null).img()).toBeNull();
  });

  it('leaves the initials when it can’t be loaded, says so once, and is tried again at another URL', () => {
    const { img, onBroken, change } = show('/a');
    fireEvent.error(img()!);
    expect(img()).toBeNull();
    change('/a');
    expect(img()).toBeNull();
    expect(onBroken).toHaveBeenCalledTimes(1);
    change('/b');
    expect(img()?.getAttribute('src')).toBe('/b');
  });
});
