import { clientEvent } from '../../socket/client-event.ts';
import type { ReportReceipt } from './merge-receipts.ts';

/** `seen`: everything up to `seq` was before the caller's eyes. */
export const seen = (report: ReportReceipt) =>
  clientEvent('seen', ({ caller }, { chatId, seq }) => report(caller.userId, chatId, seq), { late: true });
