import { clientEventSchemas } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { eventually, newClientMessageId } from '@parley/testing';
import { Manager } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, startGateway } from './gateway.fixture.spec.ts';
import type { TestClient, TestGateway } from './gateway.fixture.spec.ts';
import { createWorld } from './world.fixture.spec.ts';
import type { World } from './world.fixture.spec.ts';

const EVENTS = Object.keys(clientEventSchemas);
const WRONG = [
  null,
  undefined,
  0,
  '',
  'text',
  true,
  [],
  {},
  { chatId: null },
  { chatId: { $gt: '' } },
  { chatId: 'x' },
  { userIds: 'all' },
  { chatIds: Array.from({ length: 201 }, () => '00000000-0000-4000-8000-000000000000') },
  { __proto__: { chatId: 'x' } },
  Buffer.from('binary'),
];

let world: World;
let gateway: TestGateway;
let chatId: ChatId;
let anna: TestClient;
let ben: TestClient;

beforeAll(async () => {
  world = await createWorld();
  gateway = await startGateway(world);
  const [a, b] = await Promise.all([world.signIn(), world.signIn()]);
  chatId = world.openChat(a.userId, b.userId);
  [anna, ben] = await Promise.all([connectClient(gateway.url, a.token), connectClient(gateway.url, b.token)]);
});
afterAll(async () => {
  anna.close();
  ben.close();
  await gateway.close();
  await world.dispose();
});

const abuser = async () => connectClient(gateway.url, (await world.signIn()).token);
/** A bare connection: nobody has signed in on it. */
async function openEngine(): Promise<{ manager: Manager; heard: string[] }> {
  const manager = new Manager(gateway.url, { transports: ['websocket'], reconnection: false, autoConnect: false });
  await new Promise<void>((resolve, reject) => manager.open((error) => (error ? reject(error) : resolve())));
  const heard: string[] = [];
  manager.engine.on('data', (data) => heard.push(String(data)));
  return { manager, heard };
}
const refused = { ok: false, error: { code: 'invalid_request', detail: expect.any(String) } };

/** That the others are served as ever. */
async function expectOthersServed(): Promise<void> {
  const before = ben.received.message.length;
  const answer = await anna.emit('sendMessage', { chatId, clientMessageId: newClientMessageId(), text: 'still here' });
  expect(answer).toMatchObject({ ok: true });
  await eventually(() => expect(ben.received.message).toHaveLength(before + 1));
}

describe('malformed events', () => {
  it.each(EVENTS)(
    '%s: with nothing, too much or the wrong thing, with and without an acknowledgement',
    async (event) => {
      const client = await abuser();
      expect(await client.emit(event)).toEqual(refused);
      expect(await client.emit(event, {}, {})).toEqual(refused);
      for (const payload of WRONG) {
        client.socket.emit(event, payload);
        expect(await client.emit(event, payload)).toEqual(refused);
      }
      expect(client.socket.connected).toBe(true);
      client.close();
      await expectOthersServed();
    },
  );

  it.each(['nonsense', 'ready', 'message', 'error', '__proto__', 'constructor', ''])(
    'unknown event %j',
    async (event) => {
      const client = await abuser();
      expect(await client.emit(event, {})).toEqual(refused);
      client.socket.emit(event);
      client.close();
      await expectOthersServed();
    },
  );

  it.each(EVENTS)('%s: with a megabyte, which ends its connection', async (event) => {
    const client = await abuser();
    client.socket.emit(event, { chatId, text: 'x'.repeat(1_000_000) });
    await eventually(() => expect(client.socket.connected).toBe(false));
    await expectOthersServed();
  });
});

describe('packets that no client library sends', () => {
  const RAW = [
    '42',
    '42[',
    '42{}',
    '42[]',
    '42[null]',
    '42[{}]',
    '42[1]',
    '42["disconnect"]',
    '42["newListener","x"]',
    '42["error","x"]',
  ];
  const MORE = [
    '451-["join",{"_placeholder":true,"num":0}]',
    '459999999-["join"]',
    '43[]',
    '430["x"]',
    '44{"message":"x"}',
    '47',
    '4',
    '40/admin,',
    '40/__proto__,',
  ];

  it.each([...RAW, ...MORE])('%s', async (packet) => {
    const client = await abuser();
    // The engine puts the first 4 («message») before it.
    client.socket.io.engine.write(packet.slice(1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    client.close();
    await expectOthersServed();
  });

  it('a socket that asks before it has signed in is not answered', async () => {
    const { manager, heard } = await openEngine();
    manager.engine.write(`20["join",{"chatId":"${chatId}"}]`);
    await eventually(() => expect(manager.engine.readyState).toBe('closed'), { timeoutMs: 15_000 });
    expect(heard).toEqual([]);
    await expectOthersServed();
  });

  it('a connection that signs in again and again is cut', async () => {
    const { manager } = await openEngine();
    for (let n = 0; n < 20; n += 1) manager.engine.write('0{"token":"e30.e30.e30"}');
    await eventually(() => expect(manager.engine.readyState).toBe('closed'), { timeoutMs: 15_000 });
    await expectOthersServed();
  });
});

describe('500 events a second', () => {
  it('are refused, then cut; the others hardly notice', async () => {
    const calm = await latencies(40);
    const floods = await Promise.all([abuser(), abuser(), abuser()]);
    const codes = new Set<string>();
    const timer = setInterval(() => {
      for (const { socket } of floods) {
        for (let n = 0; n < 25; n += 1) {
          socket.emit('join', { chatId }, (answer: { error?: { code: string } }) =>
            codes.add(answer.error?.code ?? ''),
          );
        }
      }
    }, 50);
    const flooded = await latencies(40);
    await eventually(() => floods.forEach(({ socket }) => expect(socket.connected).toBe(false)));
    clearInterval(timer);
    expect(codes).toContain('rate_limited');
    expect(/^parley_socket_floods_cut_total\S* (\d+)$/m.exec(await gateway.metrics())?.[1]).toBe('3');
    // Flooding clients, gateway and services share this one process, and the machine with other specs: a wide bound.
    expect(p95(flooded)).toBeLessThan(Math.max(1_000, p95(calm) * 10));
  });

  async function latencies(count: number): Promise<number[]> {
    const all: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const startedAt = performance.now();
      await anna.emit('sendMessage', { chatId, clientMessageId: newClientMessageId(), text: 'ping' });
      all.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return all;
  }
  const p95 = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
});
