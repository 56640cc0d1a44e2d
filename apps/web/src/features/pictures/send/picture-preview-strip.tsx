'use client';
import type { ChatId } from '@parley/domain';
import { LoaderCircle, X } from 'lucide-react';
import { dismissProblems, removeChosen, type Chosen, type ChosenPicture } from './chosen-pictures.ts';

/** Above the composer: the pictures that will be sent, and a sentence for each file that can't be. */
export function PicturePreviewStrip({ chatId, chosen }: { chatId: ChatId; chosen: Chosen }) {
  const { pictures, reading, problems } = chosen;
  const isShown = pictures.length > 0 || reading > 0;
  return (
    <>
      <Problems problems={problems} onDismiss={() => dismissProblems(chatId)} />
      <p role="status" className="sr-only">
        {isShown && `${pictures.length} ${pictures.length === 1 ? 'picture' : 'pictures'} to send`}
      </p>
      {isShown && (
        <div className="rise mx-auto w-full max-w-3xl px-3 pt-2.5 sm:px-5">
          <ul aria-label="Pictures to send" className="flex gap-2 overflow-x-auto overscroll-contain pt-1.5 pb-1">
            {pictures.map((picture, index) => (
              <Preview
                key={picture.key}
                picture={picture}
                nth={index + 1}
                onRemove={() => removeChosen(chatId, picture.key)}
              />
            ))}
            {Array.from({ length: reading }, (_, index) => (
              <li
                key={index}
                aria-label="Reading the picture"
                className="bg-raised text-muted flex size-20 shrink-0 items-center justify-center rounded-xl"
              >
                <LoaderCircle size={20} aria-hidden className="animate-spin" />
              </li>
            ))}
          </ul>
          {pictures.length > 1 && <p className="text-muted text-xs">The caption goes with the first picture.</p>}
        </div>
      )}
    </>
  );
}

function Preview({ picture, nth, onRemove }: { picture: ChosenPicture; nth: number; onRemove(): void }) {
  return (
    <li className="relative size-20 shrink-0">
      <img
        src={picture.url}
        alt={`Picture ${nth}: ${picture.name}`}
        title={picture.name}
        draggable={false}
        className="border-line bg-raised size-full rounded-xl border object-cover"
      />
      <button
        type="button"
        aria-label={`Remove picture ${nth}`}
        onClick={onRemove}
        className="bg-ink text-canvas ring-panel absolute -top-1.5 -right-1.5 inline-flex size-7 items-center justify-center rounded-full shadow ring-2"
      >
        <X size={15} strokeWidth={2.6} aria-hidden />
      </button>
    </li>
  );
}

function Problems({ problems, onDismiss }: { problems: readonly string[]; onDismiss(): void }) {
  if (problems.length === 0) return null;
  return (
    <div role="alert" className="mx-auto w-full max-w-3xl px-3 pt-2.5 sm:px-5">
      <div className="bg-danger-soft text-danger flex items-start gap-2 rounded-xl py-1 pl-3.5 text-sm">
        <ul className="min-w-0 flex-1 py-2 wrap-anywhere">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
        <button
          type="button"
          aria-label="Dismiss"
          onClick={onDismiss}
          className="inline-flex size-10 shrink-0 items-center justify-center rounded-xl"
        >
          <X size={16} aria-hidden />
        </button>
      </div>
    </div>
  );
}
