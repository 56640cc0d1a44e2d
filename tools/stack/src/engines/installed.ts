import { aptInstall, hasApt } from '../../system-packages.mjs';
import { StackError } from '../stack-error.ts';
import type { EngineContext, EngineName } from './engine.ts';

/**
 * The path of an engine's program, which apt brings where it is missing and apt may be used.
 * @throws StackError that says what to install
 */
export async function installedProgram(
  o: { name: EngineName; variable: string; aptPackage: string; find(): string | undefined },
  context: EngineContext,
): Promise<{ command: string; origin: 'PATH' | 'apt' }> {
  const present = o.find();
  if (present !== undefined) return { command: present, origin: 'PATH' };
  const ways = `install ${o.aptPackage} (apt-get install ${o.aptPackage}), or set ${o.variable} to one that runs`;
  if (!hasApt()) throw new StackError(`${o.name} is missing: ${ways}, or run with --docker.`);

  const said = (detail: string) =>
    context.listen({ type: 'state', group: 'engine', name: o.name, state: 'starting', detail });
  said(`apt-get install ${o.aptPackage}`);
  const failure = await aptInstall([o.aptPackage]);
  const command = o.find();
  if (command === undefined) {
    throw new StackError(`${o.name} is missing and apt could not install it: ${ways}.\n${failure ?? ''}`.trimEnd());
  }
  return { command, origin: 'apt' };
}
