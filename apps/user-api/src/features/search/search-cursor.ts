import { z } from 'zod';

/** Where a page ended: the last username of it, empty when it had only the exact match. */
const position = z.tuple([z.string().max(64)]);

export function encodeCursor(lastUsername: string): string {
  return Buffer.from(JSON.stringify([lastUsername])).toString('base64url');
}

/** The last username of the page before; null for a cursor that was not made here. */
export function decodeCursor(cursor: string): string | null {
  try {
    const parsed = position.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return parsed.success ? parsed.data[0] : null;
  } catch {
    return null;
  }
}
