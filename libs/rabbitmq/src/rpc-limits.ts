/** Calls in a message at most: a crash repeats no more than these, and a large message delays nobody long. */
export const CALLS_MAX = 50;

/** How long calls, and answers, gather once there was one: a message costs the broker and both ends as much as ten calls in it. */
export const GATHER_MS = 8;
