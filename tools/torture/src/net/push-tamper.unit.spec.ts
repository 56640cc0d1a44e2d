import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createPushTamper, type PushMode } from './push-tamper.ts';
import { readFrame } from './websocket-frame.ts';

const UPGRADE = 'GET /socket.io/ HTTP/1.1\r\nUpgrade: websocket\r\n\r\n';
const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x81, payload.length]), payload]);
  const header = Buffer.from([0x81, 126, 0, 0]);
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

const PUSHES = ['42["message",{"n":1}]', '42["message:updated",{"n":2}]'];
const REST = ['0{"sid":"x"}', '42["ready",{}]', '431[{"ok":true}]', '2', `431[{"text":"${'x'.repeat(300)}"}]`];

/** What a client gets of some frames that come in pieces of `size` bytes. */
async function through(mode: PushMode, texts: string[], size = 7): Promise<string[]> {
  const received: Buffer[] = [];
  const tamper = createPushTamper(() => mode)({ toServer: () => undefined, toClient: (chunk) => received.push(chunk) });
  tamper.fromClient(Buffer.from(UPGRADE));
  const bytes = Buffer.concat([Buffer.from(SWITCHED), ...texts.map(frame)]);
  for (let at = 0; at < bytes.length; at += size) tamper.fromServer(bytes.subarray(at, at + size));
  await sleep(200);
  const heard: string[] = [];
  let rest = Buffer.concat(received).subarray(SWITCHED.length);
  for (let next = readFrame(rest); next; next = readFrame(rest)) {
    heard.push(next.text ?? '');
    rest = rest.subarray(next.length);
  }
  return heard;
}

it.each<[PushMode, string[]]>([
  ['pass', [REST[0]!, ...PUSHES, REST[4]!]],
  ['drop', [REST[0]!, REST[4]!]],
  ['double', [REST[0]!, PUSHES[0]!, PUSHES[0]!, PUSHES[1]!, PUSHES[1]!, REST[4]!]],
  ['shuffle', [REST[0]!, PUSHES[1]!, PUSHES[0]!, REST[4]!]],
])('%s: does it to pushes, wherever the bytes are parted', async (mode, expected) => {
  for (const size of [1, 7, 10_000])
    expect(await through(mode, [REST[0]!, ...PUSHES, REST[4]!], size)).toEqual(expected);
});

it('leaves everything else as it is', async () => {
  for (const mode of ['drop', 'double', 'shuffle'] as const) expect(await through(mode, REST)).toEqual(REST);
});

it('holds a push back for a moment only, and leaves HTTP alone', async () => {
  expect(await through('shuffle', [PUSHES[0]!])).toEqual([PUSHES[0]]);
  const received: string[] = [];
  const tamper = createPushTamper(() => 'drop')({
    toServer: () => undefined,
    toClient: (chunk) => received.push(chunk.toString()),
  });
  tamper.fromClient(Buffer.from('GET /api HTTP/1.1\r\n\r\n'));
  tamper.fromServer(Buffer.from('HTTP/1.1 200 OK\r\n\r\n42["message"]'));
  expect(received.join('')).toContain('42["message"]');
});
