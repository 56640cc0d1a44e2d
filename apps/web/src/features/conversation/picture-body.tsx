import type { Outgoing, OutgoingPicture } from '@parley/chat-client';
import type { Message, MessageImage } from '@parley/contracts';
import type { ReactNode } from 'react';
import type { Size } from '../pictures/picture-box.ts';
import { PendingPicture } from '../pictures/send/pending-picture.tsx';
import { MessagePicture } from '../pictures/show/message-picture.tsx';
import { frameBox } from '../pictures/show/picture-frame.tsx';
import type { Bubble } from './bubbles.ts';
import { Quoted } from './quoted.tsx';
import { Said, When } from './said.tsx';

type PictureBodyProps = { bubble: Bubble; message: Message; image: MessageImage; author: string };

/** Inside the bubble of a message with a picture. */
export function PictureBody({ bubble, message, image, author }: PictureBodyProps) {
  return (
    <PictureLayout bubble={bubble} size={image} author={author}>
      <MessagePicture message={message} image={image} name={bubble.mine ? 'you' : author}>
        {isCaptioned(bubble) ? null : <WhenOver bubble={bubble} />}
      </MessagePicture>
    </PictureLayout>
  );
}

/** The same while it is on its way. */
export function PendingPictureBody({ bubble, entry, picture, author }: PendingPictureBodyProps) {
  return (
    <PictureLayout bubble={bubble} size={picture} author={author}>
      <PendingPicture entry={entry} picture={picture}>
        {isCaptioned(bubble) ? null : <WhenOver bubble={bubble} />}
      </PendingPicture>
    </PictureLayout>
  );
}

type PendingPictureBodyProps = { bubble: Bubble; entry: Outgoing; picture: OutgoingPicture; author: string };

export const isCaptioned = ({ text }: Pick<Bubble, 'text'>): boolean => text !== null && text !== '';

/** What it answers, the picture (`children`), and its caption, which is as wide as the picture at most. */
export function PictureLayout({ bubble, size, author, children }: PictureLayoutProps) {
  return (
    <div className="max-w-full p-1" style={{ width: frameBox(size, isCaptioned(bubble)).width + 8 }}>
      {bubble.quotedSeq !== null && <Quoted seq={bubble.quotedSeq} message={bubble.quoted} author={author} />}
      {children}
      {isCaptioned(bubble) && (
        <div className="flow-root px-2.5 pt-1.5 pb-1">
          <Said bubble={bubble} />
        </div>
      )}
    </div>
  );
}

type PictureLayoutProps = { bubble: Bubble; size: Size; author: string; children: ReactNode };

/** Over a picture without a caption: readable on any picture, in either theme. */
export function WhenOver({ bubble }: { bubble: Bubble }) {
  return (
    <span className="pointer-events-none absolute right-1.5 bottom-1.5 flex rounded-full bg-black/50 px-2 py-1 text-white [color-scheme:dark] [&_.text-muted]:text-white">
      <When bubble={bubble} />
    </span>
  );
}
