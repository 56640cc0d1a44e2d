/** What was begun and not sent, kept for each chat as long as the tab lives. */
const keyOf = (chatId: string): string => `parley:draft:${chatId}`;

export const readDraft = (chatId: string): string => sessionStorage.getItem(keyOf(chatId)) ?? '';

export function writeDraft(chatId: string, text: string): void {
  if (text === '') sessionStorage.removeItem(keyOf(chatId));
  else sessionStorage.setItem(keyOf(chatId), text);
}

export function clearDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(keyOf(''))) sessionStorage.removeItem(key);
}
