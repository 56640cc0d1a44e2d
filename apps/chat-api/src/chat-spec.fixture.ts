import type { ChatId } from '@parley/domain';
import { afterAll, beforeAll } from 'vitest';
import {
  createBrokerPeers,
  createChatWorld,
  openChat,
  type ChatWorld,
  type Instance,
  type Person,
} from './chat-instance.fixture.ts';

export type BrokerPeers = Awaited<ReturnType<typeof createBrokerPeers>>;

/** What a spec has from its `beforeAll` to its `afterAll`. */
export type ChatSpec = {
  readonly world: ChatWorld;
  readonly api: Instance;
  /** Two people whom nobody knows yet, and their chat. */
  chatOfTwo(): Promise<{ ada: Person; bob: Person; chatId: ChatId }>;
};

/** A world of the calling spec's own, with one instance of chat-api. */
export function useChatApi(): ChatSpec {
  let world: ChatWorld | undefined;
  let api: Instance | undefined;
  beforeAll(async () => {
    world = await createChatWorld();
    api = await world.start();
  });
  afterAll(() => world?.dispose());
  const spec: ChatSpec = {
    get world() {
      return begun(world);
    },
    get api() {
      return begun(api);
    },
    chatOfTwo: async () => {
      const [ada, bob] = [await spec.world.person(), await spec.world.person()];
      return { ada, bob, chatId: await openChat(spec.api, ada, bob) };
    },
  };
  return spec;
}

/** The others on the broker of that world. */
export function useBrokerPeers(spec: ChatSpec): { readonly peers: BrokerPeers } {
  let peers: BrokerPeers | undefined;
  beforeAll(async () => {
    peers = await createBrokerPeers(spec.world.engines.rabbitUrl);
  });
  afterAll(() => peers?.close());
  return {
    get peers() {
      return begun(peers);
    },
  };
}

function begun<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('before its beforeAll a spec has nothing');
  return value;
}
