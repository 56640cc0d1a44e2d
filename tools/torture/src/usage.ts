/** What `npm run torture -- --help` prints. */
export const USAGE = `npm run torture -- [options]: breaks a stack of its own by a seed, and checks every promise

  --seed 4711        decides every fault and every choice of a client (default: at random, and printed)
  --minutes 10       how long, up to a day
  --pairs 60         how many pairs of people talk
  --rate 160         what all of them try together, in acts a second
  --help             this`;
