import { readStackEnv } from '../env.ts';
import { createScreen, type Screen } from '../screen/screen.ts';
import { StackError } from '../stack-error.ts';
import { startStack, type Stack, type StackOptions } from '../stack.ts';
import { untilSignal } from '../until-signal.ts';

export type StackCommand = {
  title: string;
  options(screen: Screen, ending: AbortSignal): StackOptions;
  footer(stack: Stack): string[];
  /** Once all is ready; gives more lines for the footer. */
  afterwards?(stack: Stack): Promise<string[]>;
};

/**
 * Brings a stack up on one screen, keeps it up until a signal comes, and ends all of it.
 * @returns the exit code: 0 when ended by a signal, 1 when something could not be started
 */
export async function runStack(command: StackCommand): Promise<number> {
  const screen = createScreen({ title: command.title, out: process.stdout, plain: readStackEnv().isCi });
  const ending = new AbortController();
  const signal = untilSignal(() => process.exit(130)); // the second time it is meant: all is killed on exit
  let code = 0;
  const starting = startStack({
    ...command.options(screen, ending.signal),
    listen: screen.listen,
    signal: ending.signal,
  });
  const bringUp = async (): Promise<void> => {
    const stack = await starting;
    await stack.ready;
    const more = (await command.afterwards?.(stack)) ?? [];
    screen.footer(['', ...command.footer(stack), ...more, '', '  Ctrl-C ends everything.', '']);
  };
  try {
    const up = bringUp();
    up.catch(() => undefined); // heard below, unless a signal comes first: then what fails was meant to
    await Promise.race([signal.told, up]);
    await signal.told;
  } catch (error) {
    code = 1;
    screen.end();
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
  } finally {
    screen.footer(['', '  Ending …']);
    ending.abort();
    const stack = await starting.catch(() => undefined);
    await stack?.stop();
    screen.end();
    signal.forget();
  }
  return code;
}
