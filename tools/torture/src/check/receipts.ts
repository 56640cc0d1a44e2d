import { NO_WATERMARKS } from '@parley/domain';
import type { ChatHistory } from '../history.ts';
import type { Report } from './report.ts';

/** No watermark is behind what was answered or beyond the end, and every device shows those that are stored. */
export function checkReceipts(history: ChatHistory, report: Report): void {
  const { members, storedMarks, acknowledgedMarks, views, stored } = history;
  for (const userId of members) {
    const kept = storedMarks[userId] ?? NO_WATERMARKS;
    const promised = acknowledgedMarks[userId] ?? NO_WATERMARKS;
    if (kept.delivered < promised.delivered || kept.seen < promised.seen) {
      report(
        'receipts never fall',
        `${userId}: ${JSON.stringify(promised)} was answered, ${JSON.stringify(kept)} is kept`,
      );
    }
    if (kept.delivered > stored.length || kept.seen > kept.delivered) {
      report('receipts are possible', `${userId}: ${JSON.stringify(kept)} of ${stored.length} messages`);
    }
    for (const { device, marks } of views) {
      const shown = marks[userId] ?? NO_WATERMARKS;
      if (shown.delivered !== kept.delivered || shown.seen !== kept.seen) {
        const evidence = `${device} shows ${JSON.stringify(shown)} of ${userId}, kept is ${JSON.stringify(kept)}`;
        report('devices show the receipts', evidence);
      }
    }
  }
}
