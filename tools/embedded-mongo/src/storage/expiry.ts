import type { Engine } from '../commands/command.ts';
import { decode } from '../bson/decode.ts';
import { prepare, run } from '../query/find.ts';

const EVERY_MS = 60_000;
const AT_ONCE = 1000;

/** Deletes what TTL indexes let expire, once a minute, as mongod does. */
export function startExpiry(engine: Engine): () => void {
  const timer = setInterval(() => {
    engine.cursors.sweep();
    void expire(engine, new Date()).catch((error: unknown) =>
      process.stderr.write(`embedded-mongo: expiry failed: ${String(error)}\n`),
    );
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export async function expire(engine: Engine, now: Date): Promise<number> {
  let removed = 0;
  for (const db of engine.catalog.databases()) {
    for (const { ns, indexes } of engine.catalog.inDatabase(db)) {
      for (const { spec } of indexes) {
        const [path] = Object.keys(spec.key);
        if (spec.expireAfterSeconds === undefined || path === undefined) continue;
        const before = new Date(now.getTime() - spec.expireAfterSeconds * 1000);
        const filter = { ...spec.partialFilterExpression, [path]: { $lt: before } };
        removed += await removeAll(engine, ns, filter, spec.name);
      }
    }
  }
  return removed;
}

async function removeAll(engine: Engine, ns: string, filter: Record<string, unknown>, hint: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const n = await engine.store.write(() => {
      const collection = engine.catalog.get(ns);
      if (!collection?.indexes.some(({ spec }) => spec.name === hint)) return 0;
      const hits = [
        ...run(engine.store, collection, prepare(collection, { filter, sort: [], skip: 0, limit: AT_ONCE, hint })),
      ];
      for (const hit of hits) collection.remove(hit.record, hit.doc ?? decode(hit.bytes), hit.bytes);
      return hits.length;
    });
    removed += n;
    if (n < AT_ONCE) return removed;
  }
}
