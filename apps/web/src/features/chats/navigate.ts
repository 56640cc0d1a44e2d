import { usePathname } from 'next/navigation';

export const CHATS_PATH = '/chats';
export const SETTINGS_PATH = '/settings';
export const chatPath = (chatId: string): string => `${CHATS_PATH}/${chatId}`;
const MEDIA = 'media';
/** All pictures of a chat. */
export const mediaPath = (chatId: string): string => `${chatPath(chatId)}/${MEDIA}`;

/**
 * Goes to another view of the signed-in app, within the browser's history but without asking the web server: views change at once, and do so
 * while that server is away. (Next.js follows `pushState` in its own hooks.)
 */
export function navigate(path: string): void {
  if (globalThis.location.pathname !== path) globalThis.history.pushState(null, '', path);
}

/** `media`: the chat's pictures lie over its conversation. */
export type View = { name: 'chats' } | { name: 'chat' | 'media'; chatId: string } | { name: 'settings' };

export function useView(): View {
  const path = usePathname();
  if (path.startsWith(SETTINGS_PATH)) return { name: 'settings' };
  const [, , chatId, part] = path.split('/');
  if (chatId === undefined || chatId === '') return { name: 'chats' };
  return { name: part === MEDIA ? 'media' : 'chat', chatId };
}
