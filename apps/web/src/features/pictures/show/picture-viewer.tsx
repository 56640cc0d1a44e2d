'use client';
import type { Message } from '@parley/contracts';
import { Download as DownloadIcon, MessageSquareText, X, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import Lightbox, { type ControllerRef } from 'yet-another-react-lightbox';
import Download from 'yet-another-react-lightbox/plugins/download';
import Zoom from 'yet-another-react-lightbox/plugins/zoom';
import 'yet-another-react-lightbox/styles.css';
import { useChatClient, useClientState } from '../../chats/chat-client-provider.tsx';
import { requestJump } from '../../chats/jump-target.ts';
import { chatPath, navigate } from '../../chats/navigate.ts';
import { runAround } from '../../media/picture-run.ts';
import { usePictures } from '../../media/use-pictures.ts';
import { downloadPicture } from './download-picture.ts';
import { FullScreen } from './full-screen.tsx';
import { PictureCaption, PictureHeading } from './picture-heading.tsx';
import { SlideContext, SlideProblem, ThumbBehind } from './slide-parts.tsx';
import { useSlides } from './use-slides.ts';

export type PictureViewerProps = { start: Message; onClose(): void };

const PAGE = 30;
/** Pictures from the end of what is loaded at which the next page is asked for, once the one that is looked at has stopped moving. */
const AHEAD = 5;
const SETTLE_MS = 350;
/** Below it there is no room for buttons that fingers do not need. */
const ROOM_PX = 640;

/** Pictures of a chat in full, beginning with `start`: by keys, by swiping, with zoom; each can be kept, and leads to where it was sent. */
export function PictureViewer({ start, onClose }: PictureViewerProps) {
  const client = useChatClient();
  const me = useClientState((state) => state.me);
  const controller = useRef<ControllerRef>(null);
  const [seq, setSeq] = useState(start.seq);
  const pictures = usePictures(
    start.chatId,
    () => runAround(start, client.store.getState().chats[start.chatId]?.timeline),
    PAGE,
  );
  const { messages, older, newer } = pictures;
  const { slides, reload } = useSlides(messages);
  const index = nearest(messages, seq);
  const current = messages[index];

  const latest = useRef(pictures);
  latest.current = pictures;
  useEffect(() => {
    const timer = setTimeout(() => {
      if (older === 'more' && index < AHEAD) latest.current.loadOlder();
      if (newer === 'more' && index >= messages.length - AHEAD) latest.current.loadNewer();
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [index, messages.length, older, newer]);
  const isGone = current === undefined;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone]);

  const isNarrow = useMemo(() => globalThis.innerWidth < ROOM_PX, []);
  const showInChat = () => {
    if (current === undefined) return;
    navigate(chatPath(current.chatId));
    requestJump(current.chatId, current.seq);
    onClose();
  };
  if (current === undefined) return null;
  return (
    <FullScreen label="Photos" onCancel={() => controller.current?.close()} onClose={onClose}>
      {(root) => (
        <Lightbox
          open
          close={onClose}
          slides={slides}
          index={index}
          on={{ view: ({ index: viewed }) => setSeq((before) => messages[viewed]?.seq ?? before) }}
          plugins={[Zoom, Download]}
          portal={{ root }}
          controller={{ ref: controller, closeOnBackdropClick: true, closeOnPullDown: true, closeOnEscape: false }}
          carousel={{ finite: true, preload: 1, padding: 0, spacing: '8%' }}
          animation={{ fade: 160, swipe: 260, navigation: 200 }}
          zoom={{ maxZoomPixelRatio: 3, scrollToZoom: true, doubleClickMaxStops: 2 }}
          download={{ download: () => void downloadPicture(current) }}
          toolbar={{
            buttons: [
              <button
                key="show"
                type="button"
                className="yarl__button"
                title="Show in conversation"
                aria-label="Show in conversation"
                onClick={showInChat}
              >
                <MessageSquareText size={22} aria-hidden />
              </button>,
              'download',
              'zoom',
              'close',
            ],
          }}
          labels={{ Lightbox: 'Photos', Slide: 'Photo', 'Photo gallery': 'Photos', '{index} of {total}': 'Photo' }}
          render={{
            controls: () => (
              <>
                <PictureHeading message={current} me={me} />
                {current.text !== null && <PictureCaption text={current.text} />}
              </>
            ),
            slideContainer: ({ slide, children }) => (
              <SlideContext value={slide.message ?? null}>{children}</SlideContext>
            ),
            slideHeader: ({ slide }) => slide.message && <ThumbBehind message={slide.message} />,
            iconError: () => <SlideProblem onReload={reload} />,
            iconDownload: () => <DownloadIcon size={22} aria-hidden />,
            iconClose: () => <X size={24} aria-hidden />,
            iconZoomIn: () => <ZoomIn size={22} aria-hidden />,
            iconZoomOut: () => <ZoomOut size={22} aria-hidden />,
            ...(isNarrow ? { buttonZoom: () => null } : {}),
          }}
        />
      )}
    </FullScreen>
  );
}

/** Where the picture of this seq is, or the one next to it where it is gone; -1 where there is none at all. */
function nearest(messages: readonly Message[], seq: number): number {
  const at = messages.findIndex((message) => message.seq >= seq);
  return at === -1 ? messages.length - 1 : at;
}
