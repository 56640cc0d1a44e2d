import { createContext } from 'react';

/** Whether something lies over the conversation: it stays as it is, but nobody sees or reaches it. */
export const ConversationCovered = createContext(false);
