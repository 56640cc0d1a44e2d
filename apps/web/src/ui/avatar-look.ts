const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first letters of the first and the last word; a letter is what a reader takes for one, so that no emoji is cut in two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return chosen.map((word) => firstGrapheme(word ?? '').toUpperCase()).join('');
}

function firstGrapheme(word: string): string {
  for (const { segment } of GRAPHEMES.segment(word)) return segment;
  return '';
}

/** A hue in degrees that stays the same for an id (FNV-1a over its characters). */
export function avatarHue(id: string): number {
  let hash = 2_166_136_261;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return ((hash >>> 0) % 24) * 15;
}
