/** Limits that both ends enforce. Lengths are UTF-16 code units, as JavaScript and every browser's `maxlength` count them. */
export const USERNAME_MIN = 3;
export const USERNAME_MAX = 32;
/** Lower-case letters and digits, with single dots, dashes or underscores between them. */
export const USERNAME_PATTERN = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
export const EMAIL_MAX = 254;
/** NIST SP 800-63B: at least 8, and long passphrases are welcome. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;
export const DISPLAY_NAME_MAX = 64;
export const BIO_MAX = 280;
export const MESSAGE_TEXT_MAX = 8_000;
/** Pictures that may be uploaded: their types, bytes, and pixels of all frames together. */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];
export const IMAGE_BYTES_MAX = 10 * 1024 * 1024;
export const IMAGE_PIXELS_MAX = 50_000_000;
export const SEARCH_QUERY_MAX = 64;
/** How many different emoji one member may leave on one message. */
export const REACTIONS_PER_MEMBER_MAX = 10;
/** How many changed messages one sync brings: of one chat, and of all together. */
export const SYNC_CHAT_MESSAGES_MAX = 200;
export const SYNC_MESSAGES_MAX = 1_000;
export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 200;
/** How many ids one batch read, presence read or subscription may name. */
export const BATCH_IDS_MAX = 200;
/** Milliseconds after which a typing sign that wasn't renewed goes out; clients renew it every half of that. */
export const TYPING_TTL_MS = 6_000;
/** Milliseconds between a gateway's refreshes of presence, and the life of an entry that isn't refreshed. */
export const PRESENCE_REFRESH_MS = 20_000;
export const PRESENCE_TTL_MS = 45_000;
/** Milliseconds between a client's comparisons of heads; jitter comes on top. */
export const HEADS_CHECK_MS = 30_000;
