import { describe, expect, it } from 'vitest';
import { parseResident, residentBytes } from './memory.ts';

describe('resident memory', () => {
  it('is read from what the kernel says of a process', () => {
    expect(parseResident('Name:\tnode\nVmSize:\t  999 kB\nVmRSS:\t   84 kB\nThreads:\t1\n')).toBe(84 * 1_024);
    expect(residentBytes(process.pid)).toBeGreaterThan(10_000_000);
  });

  it('of a process that has ended is an error, not nothing', () => {
    expect(() => parseResident('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('has ended');
  });
});
