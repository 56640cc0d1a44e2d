const MINUTE = 60_000;
const DAY = 86_400_000;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const shortWeekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dateWithYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

type Moment = number | string;

/** hh:mm on this device's clock. */
export const clockText = (at: Moment): string => clock.format(new Date(at));

/** Whole days between two moments by the calendar here: 0 today, 1 yesterday; what a fast clock put into the future is today. */
export function daysAgo(at: Moment, now: Moment): number {
  const midnight = (moment: Moment) => new Date(moment).setHours(0, 0, 0, 0);
  return Math.max(0, Math.round((midnight(now) - midnight(at)) / DAY));
}

/** When a chat was last active, as short as it can be: today's clock, yesterday, the weekday, the date. */
export function listTimeText(at: Moment, now: Moment): string {
  const days = daysAgo(at, now);
  if (days === 0) return clockText(at);
  if (days === 1) return 'Yesterday';
  return days < 7 ? shortWeekday.format(new Date(at)) : dateText(at, now);
}

/** The heading of a day in a conversation. */
export function dayText(at: Moment, now: Moment): string {
  const days = daysAgo(at, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days < 7 ? weekday.format(new Date(at)) : dateText(at, now);
}

/** When somebody was last here. */
export function lastSeenText(at: Moment, now: Moment): string {
  const minutes = Math.floor((new Date(now).getTime() - new Date(at).getTime()) / MINUTE);
  if (minutes < 1) return 'last seen just now';
  if (minutes < 60) return `last seen ${minutes} min ago`;
  const days = daysAgo(at, now);
  if (days === 0) return `last seen today at ${clockText(at)}`;
  return days === 1 ? `last seen yesterday at ${clockText(at)}` : `last seen ${dateText(at, now)}`;
}

function dateText(at: Moment, now: Moment): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? date : dateWithYear).format(new Date(at));
}
