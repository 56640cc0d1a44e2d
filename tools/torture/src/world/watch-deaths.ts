import type { StackEvent } from '@parley/stack';

/** A program that ended by itself. */
export type Death = { program: string; reason: string };

/**
 * Keeps what the supervisor says of programs that it starts again. Those that are ended on purpose are told to stay down, so
 * each such note is a program that crashed.
 */
export function watchDeaths(): { listen(event: StackEvent): void; all(): readonly Death[] } {
  const deaths: Death[] = [];
  return {
    listen: (event) => {
      const [, program, reason] =
        (event.type === 'note' && /^(\S+) ended \((.*)\) and is started/.exec(event.text)) || [];
      if (program !== undefined && reason !== undefined) deaths.push({ program, reason });
    },
    all: () => deaths,
  };
}
