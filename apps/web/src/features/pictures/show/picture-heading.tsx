import type { Message } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { useClientState } from '../../chats/chat-client-provider.tsx';
import { clockText, dayText } from '../../chats/time-text.ts';

/** Over a picture: who sent it, and when. */
export function PictureHeading({ message, me }: { message: Message; me: UserId }) {
  const name = useClientState((state) => state.people[message.senderId]?.displayName ?? '…');
  return (
    <div className="safe-top pointer-events-none absolute inset-x-0 top-0 bg-linear-to-b from-black/65 to-transparent pb-8 text-white">
      <p className="truncate pt-2.5 pr-36 pl-4 text-[15px] leading-tight font-semibold sm:pr-64">
        {message.senderId === me ? 'You' : name}
      </p>
      <p className="truncate pr-36 pl-4 text-xs leading-snug text-white/80 sm:pr-64">
        <time dateTime={message.createdAt}>
          {dayText(message.createdAt, Date.now())}, {clockText(message.createdAt)}
        </time>
      </p>
    </div>
  );
}

/** Below a picture: what was said with it. */
export function PictureCaption({ text }: { text: string }) {
  return (
    <p
      dir="auto"
      className="safe-bottom pointer-events-none absolute inset-x-0 bottom-0 bg-linear-to-t from-black/75 to-transparent px-6 pt-12 text-center text-[15px] leading-snug text-white"
    >
      <span className="line-clamp-4 pb-5 wrap-anywhere whitespace-pre-wrap">{text}</span>
    </p>
  );
}
