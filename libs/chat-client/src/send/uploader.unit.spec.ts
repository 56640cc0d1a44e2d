import type { ClientMessageId } from '@parley/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuid } from '../chat/fixtures.fixture.ts';
import { entryOf, UploadWorld, type Fault } from './upload-world.fixture.ts';

const FAULTS: Fault[] = ['lost', 'answer lost', 'unavailable', 'crash before', 'crash after', 'forgotten'];
const fault = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fault>('none') },
  { weight: 2, arbitrary: fc.constantFrom(...FAULTS) },
);
const entries = (count: number) => Array.from({ length: count }, (_, index) => entryOf(index + 1));
const idsOf = (count: number) => entries(count).map(({ clientMessageId }) => clientMessageId);

/** Everything was stored once and in order, with a picture where there was one, and nothing that must not be was seen. */
function expectAllStored(world: UploadWorld, count: number): void {
  expect(world.wrongs).toEqual([]);
  expect(world.stored.map(({ clientMessageId }) => clientMessageId)).toEqual(idsOf(count));
  expect(world.stored.map(({ uploadId }) => uploadId !== undefined)).toEqual(idsOf(count).map((_, n) => n % 2 === 1));
}

describe('pictures on their way', () => {
  it('are stored once and in order with the texts between them, whatever is lost and wherever the client ends', async () => {
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fault, { maxLength: 30 }), async (count, faults) => {
        const world = new UploadWorld(entries(count), faults);
        await world.run();
        world.sending.stop();
        crashes += world.crashes;
        expectAllStored(world, count);
        expect(await world.outbox.all()).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(crashes).toBeGreaterThan(100);
  }, 60_000);

  it.each(Array.from({ length: 14 }, (_, step) => [step]))('go on after an end at step %i', async (step) => {
    for (const end of ['crash before', 'crash after'] as const) {
      const faults = [...Array<Fault>(step).fill('none'), end];
      const world = new UploadWorld([entryOf(2), entryOf(3)], faults);
      await world.run();
      expect(world.wrongs).toEqual([]);
      expect(world.stored.map(({ clientMessageId }) => clientMessageId)).toEqual([uuid(2), uuid(3)]);
    }
  });

  it('are uploaded two at a time, while an earlier one is sent', async () => {
    const world = new UploadWorld(entries(12), []);
    await world.run();
    expectAllStored(world, 12);
    expect(world.most).toBe(2);
  });

  it.each<[string, Fault[]]>([
    ['away', ['none', 'lost']],
    ['unavailable', ['unavailable']],
    // Its URL is of no use any more.
    ['not_taken', ['none', 'forgotten']],
  ])('are shown as they go, until they are messages: %s', async (trouble, faults) => {
    const world = new UploadWorld([entryOf(2)], faults);
    const seen = ['none'];
    world.store.subscribe(({ uploads }) => {
      const view = uploads[uuid(2)];
      const text = view === undefined ? 'none' : `${view.phase}${'trouble' in view ? ` ${view.trouble}` : ''}`;
      if (seen.at(-1) !== text) seen.push(text);
    });
    await world.run();
    expect(seen).toEqual(['none', 'waiting', 'uploading', `waiting ${trouble}`, 'none']);
    expect(world.store.getState().outgoing).toMatchObject({ [entryOf(2).chatId]: [] });
  });

  it('let what stands behind them go where they are cancelled', async () => {
    const world = new UploadWorld([entryOf(2), entryOf(3)], []);
    await new Promise<void>((resolve) => {
      world.store.subscribe(({ uploads }) => uploads[uuid(2)]?.phase === 'uploading' && resolve());
    });
    world.sending.discard(entryOf(2));
    await world.run();
    expect(world.wrongs).toEqual([]);
    expect(world.stored.map(({ clientMessageId }) => clientMessageId)).toEqual([uuid(3)]);
    expect(world.store.getState().uploads).toEqual({});
  });

  it('fail where this device has lost the file, and keep the caption', async () => {
    const world = new UploadWorld([], []);
    await world.outbox.put(entryOf(2));
    await world.outbox.put(entryOf(3));
    world.sending.retry({ ...entryOf(2), status: 'failed' });
    await world.run();
    expect(world.stored.map(({ clientMessageId }) => clientMessageId)).toEqual([uuid(3)]);
    expect(await world.outbox.get(uuid(2) as ClientMessageId)).toEqual({
      ...entryOf(2),
      status: 'failed',
      code: 'picture_lost',
    });
  });
});
