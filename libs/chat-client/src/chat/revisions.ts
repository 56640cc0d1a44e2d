/**
 * Which changes of a chat this client has. Each change (a new message, an edit, a deletion, a reaction) takes the next `rev`, so that a cursor without
 * gaps says: everything up to here is in what is held, or was of messages that aren't.
 */
export type Revisions = {
  /** Every change up to here is known. */
  readonly cursor: number;
  /** Changes beyond a gap that are known already, ascending. */
  readonly early: readonly number[];
  /** The newest change that is known to exist. */
  readonly known: number;
};

export const NO_REVISIONS: Revisions = { cursor: 0, early: [], known: 0 };

/** A gap this long isn't worth remembering what lies beyond it. */
const EARLY_MAX = 1_000;

export const isBehind = (revisions: Revisions): boolean => revisions.cursor < revisions.known;

/** The change `rev` has been taken in. */
export function withChange(revisions: Revisions, rev: number): Revisions {
  const { cursor, early } = revisions;
  if (rev <= cursor) return revisions;
  const known = Math.max(revisions.known, rev);
  if (rev > cursor + 1) {
    if (early.includes(rev) || early.length >= EARLY_MAX) return { ...revisions, known };
    return { cursor, known, early: [...early, rev].sort((a, b) => a - b) };
  }
  return advanced({ cursor: rev, early, known });
}

/** The change `rev` is known to exist, and not more. */
export const withKnown = (revisions: Revisions, rev: number): Revisions =>
  rev <= revisions.known ? revisions : { ...revisions, known: rev };

/** Everything after `from` up to `to` has been taken in; it counts only where nothing is missing before `from`. */
export function withRange(revisions: Revisions, from: number, to: number): Revisions {
  const known = withKnown(revisions, to);
  if (from > revisions.cursor || to <= revisions.cursor) return known;
  return advanced({ ...known, cursor: to });
}

/** Messages have come that are as old as `rev`: whatever changed them since must be asked for again. */
export function withOlder(revisions: Revisions, rev: number): Revisions {
  const early = revisions.early.filter((change) => change <= rev);
  return { cursor: Math.min(revisions.cursor, rev), early, known: Math.max(revisions.known, rev) };
}

function advanced({ cursor, early, known }: Revisions): Revisions {
  let reached = cursor;
  for (const rev of early) if (rev === reached + 1) reached = rev;
  return { cursor: reached, early: early.filter((rev) => rev > reached), known };
}
