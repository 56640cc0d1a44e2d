import type { z } from 'zod';

/** The environment is not what the program needs. The message has one line per variable. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

/**
 * The environment as `schema` (an object of variables) reads it. A variable set to the empty string counts as not set,
 * since that is how Compose and systemd pass what nobody gave.
 *
 * @throws EnvError naming every variable that is missing or bad, and never showing a value, which may be a secret
 */
export function parseEnv<T extends z.ZodType>(
  schema: T,
  source: Record<string, string | undefined> = process.env,
): z.infer<T> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.') || 'environment';
    return `${name}: ${name in given ? issue.message : missing(issue)}`;
  });
  throw new EnvError([...new Set(lines)].join('\n'));
}

function missing(issue: z.core.$ZodIssue): string {
  return issue.code === 'custom' ? issue.message : 'is not set';
}
