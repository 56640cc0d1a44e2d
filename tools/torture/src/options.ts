import { parseArgs } from 'node:util';
import { z } from 'zod';

const schema = z.object({
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  minutes: z.coerce
    .number()
    .positive()
    .max(24 * 60),
  pairs: z.coerce.number().int().min(1).max(500),
  rate: z.coerce.number().positive().max(2_000),
});

/** `seed` decides every fault and every choice of a client; `rate` is what all clients try together, in acts a second. */
export type TortureOptions = z.infer<typeof schema>;

/** @throws ZodError naming the option that is wrong */
export function readOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      minutes: { type: 'string', default: '10' },
      pairs: { type: 'string', default: '60' },
      rate: { type: 'string', default: '160' },
    },
  });
  return schema.parse(values);
}
