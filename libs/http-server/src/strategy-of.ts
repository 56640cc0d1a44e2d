import type { Application } from 'express';
import type { Strategy } from 'passport';

const SETTING = 'parley strategy';

export function setStrategy(app: Application, strategy: Strategy): void {
  app.set(SETTING, strategy);
}

/** @throws Error when the app was made without a strategy: nobody could ever be let in. */
export function strategyOf(app: Application): Strategy {
  const strategy = app.get(SETTING) as Strategy | undefined;
  if (!strategy) throw new Error('createHttpApp was given no strategy, and a route needs one');
  return strategy;
}
