'use client';
import { messageText } from '@parley/contracts';
import { MESSAGE_TEXT_MAX, type ChatId } from '@parley/domain';
import { SendHorizontal } from 'lucide-react';
import { clsx } from 'clsx';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { readDraft, writeDraft } from './drafts.ts';

const COUNT_FROM = MESSAGE_TEXT_MAX - 500;
const MAX_HEIGHT_PX = 180;

/** Where one writes: Enter sends, Shift+Enter begins a new line (on a touch keyboard Enter does, and the button sends). */
export function Composer({ chatId }: { chatId: ChatId }) {
  const client = useChatClient();
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => readDraft(chatId));
  const canSend = messageText.safeParse(text).success;

  useEffect(() => {
    if (!isTouch()) input.current?.focus();
    return () => client.stoppedTyping(chatId);
  }, [client, chatId]);
  useEffect(() => writeDraft(chatId, text), [chatId, text]);
  useLayoutEffect(() => fitHeight(input.current), [text]);

  const send = () => {
    if (!canSend) return;
    client.send(chatId, { text: text.trim() });
    setText('');
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || isTouch()) return;
    event.preventDefault();
    send();
  };
  const onChange = (value: string) => {
    setText(value);
    if (value.trim() === '') client.stoppedTyping(chatId);
    else client.typed(chatId);
  };

  return (
    <form
      className="safe-bottom border-line bg-panel border-t"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto flex w-full max-w-3xl items-end gap-2 px-3 py-2.5 sm:px-5">
        <div className="relative min-w-0 flex-1">
          <textarea
            ref={input}
            rows={1}
            aria-label="Message"
            placeholder="Write a message"
            value={text}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
            onBlur={() => client.stoppedTyping(chatId)}
            className="border-line bg-canvas placeholder:text-muted focus:border-accent block max-h-45 min-h-11 w-full resize-none rounded-2xl border px-4 py-2.5 text-base leading-snug outline-none md:text-[15px]"
          />
          <Counter length={text.length} />
        </div>
        <button
          type="submit"
          aria-label="Send"
          disabled={!canSend}
          className="bg-accent text-on-accent hover:bg-accent-strong disabled:bg-raised disabled:text-muted inline-flex size-11 shrink-0 items-center justify-center rounded-2xl transition-colors"
        >
          <SendHorizontal size={20} aria-hidden />
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
