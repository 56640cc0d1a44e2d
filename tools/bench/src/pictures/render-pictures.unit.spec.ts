import { describe, expect, it } from 'vitest';
import { memoryFaults, renderPictures } from './render-pictures.ts';
import { watchMemory } from './watch-memory.ts';

const one = { uploadMs: 100, completeMs: 900, sendMs: 20, loadMs: 30, fullBytes: 1 };
const many = { firstMs: 1_200, lastMs: 9_100, askedAgain: 2, chatApiPeak: 210e6, workersPeak: 350e6 };
const result = { photoBytes: 10e6, first: { ...one, completeMs: 1_900 }, second: one, idle: 120e6, pictures: 10, many };

describe('the benchmark of pictures', () => {
  it('shows the steps of one photo, and the memory of many', () => {
    const text = renderPictures(result);
    expect(text).toMatch(/all of it\s+2,050\s+1,050/);
    expect(text).toMatch(/last done after, s\s+9\.1/);
    expect(text).toMatch(/chat-api at most, MB\s+210/);
    expect(text).toMatch(/image worker at most, MB\s+350/);
  });

  it('finds more than 300 MB of chat-api, and not of its worker, a fault', () => {
    expect(memoryFaults(result)).toEqual([]);
    expect(memoryFaults({ ...result, many: { ...many, chatApiPeak: 301e6 } })).toEqual([
      'chat-api took 301 MB while 10 photos were completed at once',
    ]);
  });

  it('sees the memory of a process and of what it starts', async () => {
    const watched = watchMemory([process.ppid, process.pid]);
    const { own, children } = watched.stop();
    expect(own).toBeGreaterThan(10e6);
    // This one is its parent's child.
    expect(children).toBeGreaterThan(10e6);
  });
});
