import { Readable } from 'node:stream';
import { createHealth } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, read, storageThroughProxy, type StorageUnderTest } from './storage.fixture.ts';

const health = createHealth();
let test: StorageUnderTest;
beforeEach(async () => void (test = await storageThroughProxy({ health })));
afterEach(() => test.end());

const body = Buffer.alloc(4 << 20, 'x');
const put = (key: string) => test.storage.put({ key, body, contentType: 'image/png' });
const timed = async <T>(run: () => Promise<T>): Promise<[T, number]> => {
  const startedAt = performance.now();
  return [await run(), performance.now() - startedAt];
};

describe('a store that is away', () => {
  it('is told within 5 s, then at once, and used again when it is back', async () => {
    const { storage, proxy } = test;
    await put('kept');
    expect(await health.ready()).toEqual({ ok: true, checks: { s3: true } });
    proxy.cut();
    const [first, tookMs] = await timed(() => codeOf(storage.head('kept')));
    expect(first).toBe('unavailable');
    expect(tookMs).toBeLessThan(5_500);
    for (let n = 0; n < 5; n += 1) expect(await codeOf(put('lost'))).toBe('unavailable');
    expect(storage.isUp()).toBe(false);
    expect(await health.ready()).toEqual({ ok: false, checks: { s3: false } });
    // Signing needs nobody.
    expect((await storage.presignGet({ key: 'kept' })).url).toContain('X-Amz-Signature');

    proxy.restore();
    await eventually(async () => expect(await storage.head('kept')).toMatchObject({ bytes: body.length }));
    expect(storage.isUp()).toBe(true);
    expect(await storage.head('lost')).toBeUndefined();
    expect(await health.ready()).toEqual({ ok: true, checks: { s3: true } });
  });

  it('that says nothing is told within the time of an operation', async () => {
    const { storage, proxy } = test;
    await storage.head('k'); // so that there is a connection, as there mostly is
    proxy.pause();
    const [code, tookMs] = await timed(() => codeOf(storage.head('k')));
    expect(code).toBe('unavailable');
    expect(tookMs).toBeLessThan(6_000);
    proxy.resume();
    await eventually(async () => expect(await storage.head('k')).toBeUndefined());
  });

  it.each(['cut', 'pause'] as const)('in the middle of a download (%s) ends the stream with an error', async (how) => {
    await put('large');
    const { body: stream } = await test.storage.get('large', { maxBytes: body.length });
    const reading = codeOf(
      (async () => {
        let bytes = 0;
        for await (const piece of stream as AsyncIterable<Buffer>) {
          if (bytes === 0) test.proxy[how]();
          bytes += piece.length;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        return bytes;
      })(),
    );
    expect(await reading).toBe('unavailable');
    test.proxy.restore();
    test.proxy.resume();
    await eventually(async () => {
      const again = await test.storage.get('large', { maxBytes: body.length });
      expect(await read(again.body)).toHaveLength(body.length);
    });
  });

  it('in the middle of an upload leaves no object', async () => {
    const slow = async function* (): AsyncGenerator<Buffer> {
      for (let n = 0; n < 64; n += 1) {
        if (n === 32) test.proxy.cut();
        yield body.subarray(0, 65_536);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    const upload = test.storage.put({
      key: 'half',
      body: Readable.from(slow()),
      bytes: body.length,
      contentType: 'image/png',
    });
    expect(await codeOf(upload)).toBe('unavailable');
    test.proxy.restore();
    await eventually(async () => expect(await test.storage.head('half')).toBeUndefined());
  });
});
