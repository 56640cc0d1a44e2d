import { answersUrl } from '../probe.ts';
import { StackError } from '../stack-error.ts';
import type { Engine, EngineContext, EngineName } from './engine.ts';

/**
 * The engine at the URL that the environment gives, if it answers there.
 * @throws StackError in production, where another engine than the named one must never be used
 */
export async function givenEngine(
  name: EngineName,
  variable: string,
  url: string | undefined,
  context: EngineContext,
): Promise<Engine | undefined> {
  if (url === undefined) return undefined;
  if (await answersUrl(url)) return { name, url, detail: `${variable}, ${new URL(url).host}`, programs: [] };
  const complaint = `nothing answers at ${variable} (${new URL(url).host})`;
  if (context.env.isProduction) throw new StackError(`${name}: ${complaint}; start it or correct ${variable}.`);
  context.listen({ type: 'note', text: `${name}: ${complaint}, so another is used` });
  return undefined;
}
