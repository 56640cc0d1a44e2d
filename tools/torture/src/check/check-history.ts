import type { ChatHistory, Violation } from '../history.ts';
import { checkAcknowledged } from './acknowledged.ts';
import { checkDevices } from './devices.ts';
import { checkLedger } from './ledger.ts';
import { checkOrder } from './order.ts';
import { checkReceipts } from './receipts.ts';
import { checkTold } from './told.ts';
import type { Report } from './report.ts';

const RULES = [checkOrder, checkLedger, checkAcknowledged, checkDevices, checkReceipts, checkTold];

/** Violations of one rule in one chat that are worth reading; the rest is counted. */
const SHOWN_MAX = 3;

/** Compares what clients of a chat were promised and show with what is stored. Pure: the same history, the same violations. */
export function checkHistory(history: ChatHistory): Violation[] {
  const found = new Map<string, string[]>();
  const report: Report = (rule, evidence) => void found.set(rule, [...(found.get(rule) ?? []), evidence]);
  for (const check of RULES) check(history, report);
  return [...found].flatMap(([rule, all]) => {
    const more = all.length - SHOWN_MAX;
    const shown = all.slice(0, SHOWN_MAX).map((evidence) => ({ rule, chatId: history.chatId, evidence }));
    return more > 0 ? [...shown, { rule, chatId: history.chatId, evidence: `and ${more} more` }] : shown;
  });
}
