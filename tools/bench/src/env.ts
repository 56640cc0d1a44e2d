import { z } from 'zod';

const stack = z.object({
  urls: z.object({ api: z.url(), socket: z.url() }),
  /** Every instance of the gateway. */
  gateways: z.array(z.url()).min(1),
  /** What the apps get; of it the benchmark needs the engine's address. */
  env: z.object({ MONGO_URI: z.string() }),
  /** Process ids of the servers by name. */
  pids: z.record(z.string(), z.number().int().positive()),
});

/** The running stack that is measured, as `npm run bench` hands it over. */
export type BenchStack = z.infer<typeof stack>;

/** @throws when the program wasn't started by `npm run bench` */
export function readStack(source: Record<string, string | undefined> = process.env): BenchStack {
  const given = source['PARLEY_BENCH_STACK'];
  if (!given) throw new Error('PARLEY_BENCH_STACK is not set: start the benchmark with `npm run bench`');
  return stack.parse(JSON.parse(given));
}

/** Where programs are looked for. */
export function readPath(source: Record<string, string | undefined> = process.env): string {
  return source['PATH'] ?? '';
}
