import type { Message } from '@parley/contracts';

export type Month = { key: string; title: string; messages: readonly Message[] };

const name = new Intl.DateTimeFormat(undefined, { month: 'long' });
const nameWithYear = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** Messages by the month they were sent in, by this device's calendar, in the order they come. */
export function toMonths(messages: readonly Message[], now: number): Month[] {
  const months: { key: string; title: string; messages: Message[] }[] = [];
  const thisYear = new Date(now).getFullYear();
  for (const message of messages) {
    const at = new Date(message.createdAt);
    const key = `${at.getFullYear()}-${at.getMonth() + 1}`;
    const last = months.at(-1);
    if (last?.key === key) last.messages.push(message);
    else
      months.push({
        key,
        title: (at.getFullYear() === thisYear ? name : nameWithYear).format(at),
        messages: [message],
      });
  }
  return months;
}
