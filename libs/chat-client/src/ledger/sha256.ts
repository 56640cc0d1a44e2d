import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a text in UTF-8, in lower-case hex. */
export type Sha256 = (text: string) => string;

/** In plain JavaScript: WebCrypto is asynchronous, and absent where a page came over plain HTTP from another machine. */
export const sha256: Sha256 = (text) => bytesToHex(digest(utf8ToBytes(text)));
