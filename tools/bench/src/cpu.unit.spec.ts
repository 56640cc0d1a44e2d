import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cpuPerThousand, parseStat, sampleCpu, secondsOfTree } from './cpu.ts';

const REST = '20 0 11 0 100 1000 10 18446744073709551615';

describe('parseStat', () => {
  it('reads pid, parent and the sum of user and system time', () => {
    expect(parseStat(`42 (node) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 9 9 ${REST}\n`)).toEqual({
      pid: 42,
      parent: 7,
      seconds: 2,
    });
  });

  it('is not fooled by a name with brackets and blanks', () => {
    const line = `42 (evil) S 1 2 (3) S 7 42 42 0 -1 4194304 100 0 0 0 100 25 0 0 ${REST}`;
    expect(parseStat(line)).toEqual({ pid: 42, parent: 7, seconds: 1.25 });
  });
});

describe('secondsOfTree', () => {
  it('adds children and grandchildren, and nobody else', () => {
    const processes = [
      { pid: 1, parent: 0, seconds: 100 },
      { pid: 2, parent: 1, seconds: 1 },
      { pid: 3, parent: 2, seconds: 2 },
      { pid: 4, parent: 3, seconds: 4 },
      { pid: 5, parent: 1, seconds: 50 },
    ];
    expect(secondsOfTree(2, processes)).toBe(7);
    expect(secondsOfTree(99, processes)).toBe(0);
  });
});

describe('sampleCpu', () => {
  it('sees a real process work', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);']);
    try {
      const before = sampleCpu({ busy: child.pid ?? 0 });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const after = sampleCpu({ busy: child.pid ?? 0 });
      const used = cpuPerThousand(before, after, 1_000)['busy'] ?? 0;
      expect(used).toBeGreaterThan(0.05);
      expect(used).toBeLessThan(1.5);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('cpuPerThousand', () => {
  it('gives seconds per thousand messages by process', () => {
    expect(cpuPerThousand({ a: 1, b: 2 }, { a: 3, b: 2.5 }, 500)).toEqual({ a: 4, b: 1 });
  });

  it('is 0 where nothing was delivered, and for a process that was restarted', () => {
    expect(cpuPerThousand({ a: 1 }, { a: 3 }, 0)).toEqual({ a: 0 });
    expect(cpuPerThousand({ a: 9 }, { a: 1 }, 1_000)).toEqual({ a: 0 });
  });
});
