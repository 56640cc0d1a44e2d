import { BATCH_IDS_MAX, PAGE_LIMIT_MAX, type UserId } from '@parley/domain';
import { listChats } from '../calls/chats.ts';
import { getPeople } from '../calls/people.ts';
import { byActivity, partnerOf, type ChatState } from '../chat/chat-state.ts';
import { withPeople, type ClientStore } from '../chat/client-state.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Chats } from './chats.ts';

/** As many lines as are looked through for what is new: it stands at the top. */
const TOP = 20;

/** Fetches the lines of the list and who they are with. `whole`: all of them, and everybody's profile anew; else from the top down to where nothing is new. */
export async function fetchList(
  o: { exchange: Exchange; store: ClientStore; chats: Chats },
  { whole }: { whole: boolean },
): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await listChats(o.exchange, { limit: whole ? PAGE_LIMIT_MAX : TOP, cursor });
    const known = o.store.getState().chats;
    const isNew = page.chats.some((chat) => known[chat.id] === undefined);
    o.chats.hear(...page.chats.map((chat) => ({ chatId: chat.id, heard: { type: 'listed', chat } as const })));
    cursor = whole || isNew ? (page.nextCursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  o.store.setState({ list: 'ready' });
  await fetchPeople(o, { again: whole });
}

/** Reads the profiles of those that the newest chats are with again, in one request: names and pictures change, and nobody tells. */
export async function readPeopleAgain({ exchange, store }: { exchange: Exchange; store: ClientStore }): Promise<void> {
  const { chats, me } = store.getState();
  const ids = partnersOf(Object.values(chats).toSorted(byActivity), me).slice(0, BATCH_IDS_MAX);
  if (ids.length > 0) store.setState(withPeople(await getPeople(exchange, ids)));
}

async function fetchPeople(
  { exchange, store }: { exchange: Exchange; store: ClientStore },
  { again }: { again: boolean },
): Promise<void> {
  const { chats, people, me } = store.getState();
  const ids = partnersOf(Object.values(chats), me).filter((id) => again || people[id] === undefined);
  for (let from = 0; from < ids.length; from += BATCH_IDS_MAX) {
    store.setState(withPeople(await getPeople(exchange, ids.slice(from, from + BATCH_IDS_MAX))));
  }
}

const partnersOf = (chats: readonly ChatState[], me: UserId): UserId[] =>
  chats.map((chat) => partnerOf(chat, me)).filter((id) => id !== undefined);
