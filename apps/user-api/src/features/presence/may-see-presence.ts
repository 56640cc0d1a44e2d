import type { LastSeenAudience } from '@parley/contracts';

/** Whether somebody's presence may be seen, from what they and the one who asks decided. */
export function maySeePresence(o: {
  isSelf: boolean;
  /** Either has blocked the other. */
  isBlocked: boolean;
  audience: LastSeenAudience;
  /** The one who asks is in the other's contact list. */
  isTheirContact: boolean;
}): boolean {
  if (o.isSelf) return true;
  if (o.isBlocked) return false;
  switch (o.audience) {
    case 'everyone':
      return true;
    case 'contacts':
      return o.isTheirContact;
    case 'nobody':
      return false;
  }
}
