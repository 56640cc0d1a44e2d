import { describe, expect, it } from 'vitest';
import { messageOf } from './bench-message.ts';
import { renderMongo } from './render-mongo.ts';

describe('renderMongo', () => {
  it('has a line for each measurement, with its figures under their heads', () => {
    const latency = { p50: 1.234, p95: 2, p99: 3.456, max: 4 };
    const rows = [{ what: 'insertOne', perSecond: 4321.4, latency, cpuPerThousand: 0.1234 }];
    const text = renderMongo({ rows, documents: 200_000, startMs: 412 });
    const [, , head, row] = text.split('\n');
    expect(row).toMatch(/^insertOne +4,321 +1\.23 +3\.46 +0\.123$/);
    expect(row).toHaveLength(head?.length ?? 0);
    expect(text).toContain('0.41 s');
    expect(renderMongo({ rows, documents: 1, startMs: undefined })).not.toContain('Ready');
  });
});

describe('messageOf', () => {
  it('is the same for the same place, and unique in each index for another', () => {
    expect(messageOf('a', 1)).toEqual(messageOf('a', 1));
    const [one, two] = [messageOf('a', 1), messageOf('a', 2)];
    for (const key of ['_id', 'seq', 'rev', 'clientMessageId'] as const) expect(one[key]).not.toBe(two[key]);
  });
});
