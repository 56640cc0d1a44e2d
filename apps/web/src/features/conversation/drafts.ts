/** What was begun and not sent, kept for each chat as long as the tab lives. */
const keyOf = (chatId: string): string => `parley:draft:${chatId}`;

export const readDraft = (chatId: string): string => sessionStorage.getItem(keyOf(chatId)) ?? '';

export function writeDraft(chatId: string, text: string): void {
  if (text === '') sessionStorage.removeItem(keyOf(chatId));
  else sessionStorage.setItem(keyOf(chatId), text);
}

/** Another text for a message that is stored, begun and not saved: while there is no network it can't be. */
export type EditDraft = { seq: number; text: string; replaces?: string | null | undefined };
const editKeyOf = (chatId: string): string => `parley:edit:${chatId}`;

export function readEdit(chatId: string): EditDraft | null {
  const kept = sessionStorage.getItem(editKeyOf(chatId));
  return kept === null ? null : (JSON.parse(kept) as EditDraft);
}

export function writeEdit(chatId: string, edit: EditDraft | null): void {
  if (edit === null) sessionStorage.removeItem(editKeyOf(chatId));
  else sessionStorage.setItem(editKeyOf(chatId), JSON.stringify(edit));
}

export function clearDrafts(): void {
  const isOurs = (key: string) => [keyOf(''), editKeyOf('')].some((prefix) => key.startsWith(prefix));
  for (const key of Object.keys(sessionStorage)) if (isOurs(key)) sessionStorage.removeItem(key);
}
