import { expect, it } from 'vitest';
import { instancesOf, pairedChatApi } from './apps.ts';
import { reserveInstances } from './reserve-instances.ts';

const counts = { 'chat-api': 2, 'realtime-gateway': 3 } as const;

it('names the instances of an app by their number', () => {
  const names = instancesOf(['auth-api', 'chat-api', 'realtime-gateway'], counts).map(({ name }) => name);
  expect(names).toEqual([
    'auth-api',
    'chat-api',
    'chat-api-2',
    'realtime-gateway',
    'realtime-gateway-2',
    'realtime-gateway-3',
  ]);
});

it('pairs gateways with chat-apis, and leaves the first gateway what it has', () => {
  const paired = instancesOf(['realtime-gateway'], counts).map((one) => pairedChatApi(one, (name) => name, counts));
  expect(paired).toEqual([{}, { CHAT_API_URL: 'chat-api-2' }, { CHAT_API_URL: 'chat-api' }]);
});

it('gives every instance ports of its own', async () => {
  const reserved = await reserveInstances(instancesOf(['chat-api', 'realtime-gateway'], counts));
  const all = Object.values(reserved.urls).flatMap(({ url, health }) => [url, health]);
  expect(new Set(all).size).toBe(2 + 3 * 2);
  const names = Object.keys(reserved.urls).map(reserved.get);
  await Promise.all(names.flatMap(({ serving, health }) => [serving.release(), health.release()]));
});
