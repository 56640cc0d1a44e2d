import { linkify } from './linkify.ts';

/** What was said, its line breaks kept and its web addresses as links. */
export function MessageText({ text }: { text: string }) {
  return linkify(text).map((part, index) =>
    part.kind === 'text' ? (
      <span key={index}>{part.text}</span>
    ) : (
      <a
        key={index}
        href={part.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="font-medium underline decoration-1 underline-offset-2"
      >
        {part.text}
      </a>
    ),
  );
}
