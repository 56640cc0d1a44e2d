import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listenOn } from '../listen-on.ts';
import { limitRequestTime } from './limit-request-time.ts';

const FORM = 'content-type: multipart/form-data; boundary=x\r\n';

it('cuts a small body that comes slowly, not a picture, nor what has come whole and waits for its answer', async () => {
  const http = createServer((req, res) => {
    req.resume();
    req.once('end', () => setTimeout(() => res.end('done'), 400));
  });
  limitRequestTime(http, 200);
  const port = await listenOn(http, { host: '127.0.0.1', port: 0 });
  const send = async (headers: string) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (piece) => (heard += String(piece)));
    const closed = once(socket, 'close').then(() => 'closed');
    socket.write(`POST /api/v1/chat/message HTTP/1.1\r\nhost: x\r\n${headers}content-length: 4\r\n\r\nha`);
    await Promise.race([closed, sleep(300)]);
    if (socket.writable) socket.write('lf');
    await Promise.race([closed, sleep(700)]);
    socket.destroy();
    return heard.split('\r\n', 1)[0];
  };
  expect(await Promise.all([send(''), send(FORM)])).toEqual(['HTTP/1.1 408 Request Timeout', 'HTTP/1.1 200 OK']);
  const whole = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'half' });
  expect(await whole.text()).toBe('done');
  http.close();
});
