import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EnvError, parseEnv } from './env.ts';

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(5001),
  MONGO_URI: z.string().startsWith('mongodb'),
  JWT_PRIVATE_KEY: z.string(),
});

describe('parseEnv', () => {
  it('reads and converts, and takes a variable that is empty as not set', () => {
    const env = parseEnv(schema, { PORT: '', MONGO_URI: 'mongodb://x', JWT_PRIVATE_KEY: 'k', OTHER: '1' });
    expect(env).toEqual({ PORT: 5001, MONGO_URI: 'mongodb://x', JWT_PRIVATE_KEY: 'k' });
  });

  it('names every bad variable on a line of its own, without its value', () => {
    const read = () => parseEnv(schema, { PORT: '70000', MONGO_URI: 'secret-in-the-wrong-place', JWT_PRIVATE_KEY: '' });
    expect(read).toThrow(EnvError);
    expect(read).toThrow(/^PORT: .+\nMONGO_URI: .+\nJWT_PRIVATE_KEY: is not set$/);
    expect(read).not.toThrow(/secret-in-the-wrong-place/);
  });
});
