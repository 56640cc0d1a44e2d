import { clientEvent } from '../../socket/client-event.ts';
import type { ReportReceipt } from './merge-receipts.ts';

/** `delivered`: everything up to `seq` has reached a device of the caller. */
export const delivered = (report: ReportReceipt) =>
  clientEvent('delivered', ({ caller }, { chatId, seq }) => report(caller.userId, chatId, seq), { late: true });
