import type { Message } from '@parley/contracts';
import { createStore } from 'zustand/vanilla';

/** The picture that is looked at in full, wherever it was opened; null where none is. */
export const viewedPicture = createStore<{ message: Message | null }>(() => ({ message: null }));

export const viewPicture = (message: Message): void => viewedPicture.setState({ message });
export const closePicture = (): void => viewedPicture.setState({ message: null });
