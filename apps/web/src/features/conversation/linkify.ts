export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu;
const TRAILING = /[.,;:!?…*_~]+$/u;

/** Web addresses in a text as links; only http and https, so that no text can make a link that runs something. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const candidate = withoutTrailing(match[0]);
    const href = toHref(candidate);
    if (href === null) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'link', text: candidate, href });
    end = match.index + candidate.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

/** Punctuation after an address belongs to the sentence, and so does a bracket that opened before it. */
function withoutTrailing(candidate: string): string {
  const trimmed = candidate.replace(TRAILING, '');
  const isUnopened = trimmed.endsWith(')') && !trimmed.includes('(');
  return isUnopened ? withoutTrailing(trimmed.slice(0, -1)) : trimmed;
}

function toHref(candidate: string): string | null {
  const address = /^https?:/i.test(candidate) ? candidate : `https://${candidate}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && (url.hostname.includes('.') || url.hostname === 'localhost') ? url.href : null;
}
