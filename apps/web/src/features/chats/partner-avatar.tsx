import type { UserId } from '@parley/domain';
import { Avatar } from '../../ui/avatar.tsx';
import { useChatClient } from './chat-client-provider.tsx';
import type { Partner } from './use-partner.ts';

/** The picture of the person on the other end. One whose URL no longer works is asked for again, once for each URL. */
export function PartnerAvatar({ partner, size }: { partner: Partner; size: number }) {
  const client = useChatClient();
  return (
    <Avatar
      id={partner.id}
      name={partner.name}
      src={partner.avatarUrl}
      onBroken={() => client.readPerson(partner.id as UserId).catch(() => undefined)}
      online={partner.online}
      size={size}
    />
  );
}
