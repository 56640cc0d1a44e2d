import { foldText } from '@parley/domain';

export type Part = { text: string; isHit: boolean };

const LEAD = 24;
const WORD = /[\p{L}\p{N}]+/gu;

/** `text` cut to where the first word of the query stands in it, with every word that the search found it by. */
export function highlighted(text: string, query: string): Part[] {
  const wanted = [...foldText(query).matchAll(WORD)].map(([word]) => word);
  const isHit = (word: string) => wanted.some((one) => foldText(word).startsWith(one));
  const words = [...text.matchAll(WORD)].filter(([word]) => isHit(word));
  const start = Math.max(0, (words[0]?.index ?? 0) - LEAD);
  const parts: Part[] = start > 0 ? [{ text: '…', isHit: false }] : [];
  let end = start;
  for (const match of words) {
    if (match.index < start) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), isHit: false });
    parts.push({ text: match[0], isHit: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isHit: false });
  return parts;
}
