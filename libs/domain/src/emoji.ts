const EMOJI_MAX = 32;

/** One emoji as UTS #51 builds them: a pictograph with skin tone or tags, several joined by ZWJ, a flag, or a keycap. */
const PICTOGRAPH = String.raw`\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?`;
const EMOJI = new RegExp(
  String.raw`^(?:${PICTOGRAPH}(?:\u200D${PICTOGRAPH})*|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)$`,
  'u',
);

/** Whether `text` is exactly one emoji: one sign on the screen, and nothing else. */
export function isEmoji(text: string): boolean {
  return text.length <= EMOJI_MAX && EMOJI.test(text);
}
