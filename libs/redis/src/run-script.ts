import { createHash } from 'node:crypto';
import { ErrorReply, type RedisClientType } from 'redis';

export type Script = { text: string; sha1: string };

/** A Lua script, known to the server by its SHA-1 once it has run there. */
export function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** Runs `script` by its SHA-1, and sends its text only to a server that doesn't have it (new, restarted or flushed). */
export async function runScript(
  client: RedisClientType,
  { text, sha1 }: Script,
  input: { keys: string[]; arguments: string[] },
): Promise<unknown> {
  try {
    return await client.evalSha(sha1, input);
  } catch (error) {
    if (error instanceof ErrorReply && error.message.startsWith('NOSCRIPT')) return client.eval(text, input);
    throw error;
  }
}
