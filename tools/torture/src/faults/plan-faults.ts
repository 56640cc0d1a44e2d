import type { Random } from '../random.ts';
import { LINK_FAULTS, PROGRAM_FAULTS, PUSH_FAULTS, type Fault } from './fault.ts';

/** What there is to break: programs by group (all instances of an app are one group), links, and clients' links. */
export type Breakable = {
  groups: readonly (readonly string[])[];
  links: readonly string[];
  entries: readonly string[];
};

type Card = Pick<Fault, 'kind' | 'targets'>;

/** Between the beginnings of two faults. */
export type Pace = { from: number; to: number };
const PACE_MS: Pace = { from: 2_500, to: 6_000 };
const HOLD_MS = { from: 300, to: 4_500 };
/** Now and then something stays broken for longer than most timeouts. */
const LONG = { probability: 0.08, fromMs: 8_000, toMs: 14_000 };
/** For so long after a fault its targets are left alone: they start, connect and take up their work. */
const RECOVERY_MS = { program: 5_000, slowProgram: 12_000, link: 2_000 };
const SLOW = new Set(['rabbitmq']);
/** So that what is left can still be seen to work. */
const AT_ONCE_MAX = 3;

/**
 * The faults of a run, in order. All kinds on all parts are dealt out in a random order, again and again, so that a long run
 * meets each of them.
 */
export function planFaults(o: {
  random: Random;
  durationMs: number;
  breakable: Breakable;
  paceMs?: Pace | undefined;
}): Fault[] {
  const { random, durationMs, paceMs = PACE_MS } = o;
  const faults: Fault[] = [];
  const freeAt = new Map<string, number>();
  let deck: Card[] = [];
  let atMs = random.int(paceMs.from, paceMs.to);

  const isBroken = (fault: Fault): boolean => fault.atMs + fault.holdMs > atMs;
  const draw = (): Card | undefined => {
    if (deck.length === 0) deck = random.shuffle(allCards(o.breakable));
    const index = deck.findIndex(({ targets }) => targets.every((name) => (freeAt.get(name) ?? 0) <= atMs));
    return index < 0 ? undefined : deck.splice(index, 1)[0];
  };

  while (atMs < durationMs) {
    const isLong = random.chance(LONG.probability);
    const wanted = isLong ? random.int(LONG.fromMs, LONG.toMs) : random.int(HOLD_MS.from, HOLD_MS.to);
    const card = faults.filter(isBroken).length < AT_ONCE_MAX ? draw() : undefined;
    if (card) {
      const fault = { ...card, atMs, holdMs: Math.min(wanted, durationMs - atMs) };
      faults.push(fault);
      for (const name of card.targets) freeAt.set(name, atMs + fault.holdMs + recoveryOf(card));
    }
    atMs += random.int(paceMs.from, paceMs.to);
  }
  return faults;
}

function recoveryOf({ kind, targets }: Card): number {
  if (!(PROGRAM_FAULTS as readonly string[]).includes(kind)) return RECOVERY_MS.link;
  return targets.some((name) => SLOW.has(name)) ? RECOVERY_MS.slowProgram : RECOVERY_MS.program;
}

function allCards({ groups, links, entries }: Breakable): Card[] {
  const one = (name: string): string[] => [name];
  const programs = groups.flatMap((group) => (group.length > 1 ? [...group.map(one), [...group]] : [[...group]]));
  return [
    ...programs.flatMap((targets) => PROGRAM_FAULTS.map((kind) => ({ kind, targets }))),
    ...links.flatMap((name) => LINK_FAULTS.map((kind) => ({ kind, targets: [name] }))),
    ...[...entries.map(one), [...entries]].flatMap((targets) => PUSH_FAULTS.map((kind) => ({ kind, targets }))),
  ];
}
