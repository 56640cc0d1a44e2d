'use client';
import { MESSAGE_TEXT_MAX, type ChatId } from '@parley/domain';
import { Check, SendHorizontal } from 'lucide-react';
import { clsx } from 'clsx';
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { AttachButtons } from '../pictures/send/attach-buttons.tsx';
import { PicturePreviewStrip } from '../pictures/send/picture-preview-strip.tsx';
import { usePicturePaste } from '../pictures/send/use-picture-paste.ts';
import { ComposerTaskBar } from './composer-task-bar.tsx';
import type { Composing } from './use-composer.ts';

const COUNT_FROM = MESSAGE_TEXT_MAX - 500;
const MAX_HEIGHT_PX = 180;

/**
 * Where one writes: Enter sends, Shift+Enter begins a new line (on a touch keyboard Enter does, and the button sends); Escape takes chosen pictures out, then
 * leaves an edit or an answer, and the up arrow in an empty box goes to one's last message.
 */
export function Composer({
  chatId,
  composing,
  author,
  onEditLast,
}: {
  chatId: ChatId;
  composing: Composing;
  /** The name of who is on the other end. */
  author: string;
  onEditLast(): void;
}) {
  const client = useChatClient();
  const input = useRef<HTMLTextAreaElement>(null);
  const { task, text, chosen, canSend, busy } = composing;
  const hasPictures = chosen.pictures.length > 0;
  usePicturePaste(composing.choose);

  useEffect(() => {
    if (!isTouch()) input.current?.focus();
    return () => client.stoppedTyping(chatId);
  }, [client, chatId]);
  useEffect(() => {
    const area = input.current;
    if (task.kind === 'new' || area === null) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, [task]);
  useEffect(() => {
    if (hasPictures && !isTouch()) input.current?.focus();
  }, [hasPictures]);
  useLayoutEffect(() => fitHeight(input.current), [text]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && (hasPictures || chosen.problems.length > 0)) {
      event.preventDefault();
      composing.clearPictures();
    } else if (event.key === 'Escape' && task.kind !== 'new') {
      event.preventDefault();
      composing.cancel();
    } else if (event.key === 'ArrowUp' && text === '' && task.kind === 'new' && !hasPictures) {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Enter' && !event.shiftKey && !isTouch()) {
      event.preventDefault();
      composing.submit();
    }
  };

  return (
    <form
      className="safe-bottom border-line bg-panel border-t"
      onSubmit={(event) => {
        event.preventDefault();
        composing.submit();
        input.current?.focus();
      }}
    >
      <ComposerTaskBar task={task} author={author} onCancel={composing.cancel} />
      <PicturePreviewStrip chatId={chatId} chosen={chosen} />
      <div className="mx-auto flex w-full max-w-3xl items-end gap-2 px-3 py-2.5 sm:px-5">
        {task.kind !== 'edit' && <AttachButtons disabled={busy} onChoose={composing.choose} />}
        <div className="relative min-w-0 flex-1">
          <textarea
            ref={input}
            rows={1}
            aria-label={task.kind === 'edit' ? 'Edited message' : hasPictures ? 'Caption' : 'Message'}
            placeholder={hasPictures ? 'Add a caption' : 'Write a message'}
            value={text}
            readOnly={busy}
            onChange={(event) => composing.write(event.target.value)}
            onKeyDown={onKeyDown}
            onBlur={() => client.stoppedTyping(chatId)}
            className="border-line bg-canvas placeholder:text-muted focus:border-accent block max-h-45 min-h-11 w-full resize-none rounded-2xl border px-4 py-2.5 text-base leading-snug outline-none md:text-[15px]"
          />
          <Counter length={text.length} />
          {composing.problem !== null && (
            <p role="alert" className="text-danger pt-1 text-xs font-semibold">
              {composing.problem}
            </p>
          )}
        </div>
        <button
          type="submit"
          aria-label={task.kind === 'edit' ? 'Save' : 'Send'}
          disabled={!canSend}
          className="bg-accent text-on-accent hover:bg-accent-strong disabled:bg-raised disabled:text-muted inline-flex size-11 shrink-0 items-center justify-center rounded-2xl transition-colors"
        >
          {task.kind === 'edit' ? <Check size={20} aria-hidden /> : <SendHorizontal size={20} aria-hidden />}
        </button>
      </div>
    </form>
  );
}

/** Shown once the end is near; what is too long is kept, but can't be sent. */
function Counter({ length }: { length: number }) {
  if (length < COUNT_FROM) return null;
  const left = MESSAGE_TEXT_MAX - length;
  return (
    <p
      role="status"
      className={clsx('pt-1 text-right text-xs tabular-nums', left < 0 ? 'text-danger font-semibold' : 'text-muted')}
    >
      {left < 0 ? `${-left} characters too many` : `${left} characters left`}
    </p>
  );
}

const isTouch = (): boolean => globalThis.matchMedia('(pointer: coarse)').matches;

function fitHeight(area: HTMLTextAreaElement | null) {
  if (area === null) return;
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight + 2, MAX_HEIGHT_PX)}px`;
}
