import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCircuit } from './circuit.ts';

describe('createCircuit', () => {
  const onOpen = vi.fn();
  const onClose = vi.fn();
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => {
    vi.useRealTimers();
    vi.clearAllMocks();
  });

  const failTimes = (circuit: ReturnType<typeof createCircuit>, times: number): void => {
    for (let n = 0; n < times; n += 1) circuit.failed();
  };

  it('stays closed while some succeed', () => {
    const circuit = createCircuit({ onOpen, onClose });
    for (let n = 0; n < 10; n += 1) {
      failTimes(circuit, 4);
      circuit.succeeded();
    }
    expect(circuit.isClosed()).toBe(true);
    expect(onOpen).not.toHaveBeenCalled();
  });

  it('opens after five failures in a row, tries again within a second for ever, and says so once', () => {
    const circuit = createCircuit({ onOpen, onClose });
    failTimes(circuit, 5);
    expect([circuit.isOpen(), circuit.isClosed()]).toEqual([true, false]);
    const pauses: number[] = [];
    for (let trial = 0; trial < 20; trial += 1) {
      pauses.push(circuit.remainingMs());
      vi.advanceTimersByTime(circuit.remainingMs() + 1);
      expect([circuit.isOpen(), circuit.isClosed()]).toEqual([false, false]);
      failTimes(circuit, 3);
      expect(circuit.isOpen()).toBe(true);
    }
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(100);
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it('closes with the first success', () => {
    const circuit = createCircuit({ onOpen, onClose });
    failTimes(circuit, 5);
    circuit.succeeded();
    expect([circuit.isOpen(), circuit.isClosed()]).toEqual([false, true]);
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});
