import type { ChatId } from '@parley/domain';
import { createStore } from 'zustand/vanilla';
import { checkPicture, type CheckedPicture, type PictureTools } from './check-picture.ts';

/** How many may be chosen for one go. */
export const CHOSEN_MAX = 10;

/** A picture in the composer. `url` shows it, until it is sent or taken out. */
export type ChosenPicture = CheckedPicture & { key: string; name: string; url: string };

/** What is chosen in one chat. `reading`: how many are still being looked at; `problems`: why others were not taken. */
export type Chosen = {
  readonly pictures: readonly ChosenPicture[];
  readonly reading: number;
  readonly problems: readonly string[];
};

export const NOTHING_CHOSEN: Chosen = { pictures: [], reading: 0, problems: [] };

/** What is chosen and not sent in each chat, kept while other chats are open. */
export const chosenPictures = createStore<Readonly<Record<string, Chosen>>>(() => ({}));

const change = (chatId: ChatId, edit: (held: Chosen) => Chosen) =>
  chosenPictures.setState((all) => ({ [chatId]: edit(all[chatId] ?? NOTHING_CHOSEN) }));

let next = 0;

/** Takes files into what is chosen, in their order, as far as they are pictures that may be sent. */
export async function choosePictures(chatId: ChatId, files: readonly File[], tools: PictureTools): Promise<void> {
  const held = chosenPictures.getState()[chatId] ?? NOTHING_CHOSEN;
  const taken = files.slice(0, Math.max(0, CHOSEN_MAX - held.pictures.length - held.reading));
  const problems = files.length > taken.length ? [`At most ${CHOSEN_MAX} pictures go at once.`] : [];
  change(chatId, (before) => ({ ...before, problems, reading: before.reading + taken.length }));
  for (const file of taken) {
    const name = file.name === '' ? 'The picture' : file.name;
    const check = await checkPicture(file, name, tools);
    change(chatId, (before) => {
      const after = { ...before, reading: Math.max(0, before.reading - 1) };
      if ('problem' in check) return { ...after, problems: [...before.problems, check.problem] };
      next += 1;
      const chosen = { ...check.picture, key: `${next}`, name, url: URL.createObjectURL(check.picture.file) };
      return { ...after, pictures: [...before.pictures, chosen] };
    });
  }
}

/** Puts a picture back that was on its way, and was looked at before. */
export function chooseAgain(chatId: ChatId, picture: CheckedPicture): void {
  next += 1;
  const chosen = { ...picture, key: `${next}`, name: 'The picture', url: URL.createObjectURL(picture.file) };
  change(chatId, (before) => ({ ...before, pictures: [...before.pictures, chosen] }));
}

export function removeChosen(chatId: ChatId, key: string): void {
  change(chatId, (before) => {
    for (const picture of before.pictures) if (picture.key === key) URL.revokeObjectURL(picture.url);
    return { ...before, problems: [], pictures: before.pictures.filter((picture) => picture.key !== key) };
  });
}

/** Nothing is chosen any more: it was sent, or its person has signed out. */
export function clearChosen(chatId: string): void {
  for (const { url } of chosenPictures.getState()[chatId]?.pictures ?? []) URL.revokeObjectURL(url);
  chosenPictures.setState({ [chatId]: NOTHING_CHOSEN });
}

export function clearAllChosen(): void {
  for (const chatId of Object.keys(chosenPictures.getState())) clearChosen(chatId);
}

export const dismissProblems = (chatId: ChatId): void => change(chatId, (before) => ({ ...before, problems: [] }));
