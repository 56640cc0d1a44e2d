export { checkHistory } from './check/check-history.ts';
export type { ChatHistory, Violation } from './history.ts';
