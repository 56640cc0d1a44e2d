import { messageAnswer, newUploadAnswer, type AuthAnswer, type Message } from '@parley/contracts';
import { randomUUID } from 'node:crypto';
import { env } from '../env.ts';
import type { PictureFile } from './picture.ts';

const CHAT = '/api/v1/chat';

async function post(path: string, sender: Pick<AuthAnswer, 'accessToken'>, body: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, env.apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sender.accessToken}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
  return response.json();
}

/** Sends a picture by the API, as a browser does: asks where to, puts the file there, has it checked, and sends the message. */
export async function seedPicture(
  sender: Pick<AuthAnswer, 'accessToken'>,
  chatId: string,
  { buffer, mimeType }: Pick<PictureFile, 'buffer' | 'mimeType'>,
  more: { text?: string; replyToSeq?: number } = {},
): Promise<Message> {
  const body = { contentType: mimeType, bytes: buffer.length };
  const { uploadId, url, headers } = newUploadAnswer.parse(await post(`${CHAT}/uploads`, sender, body));
  const put = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(buffer) });
  if (!put.ok) throw new Error(`the file was not taken: HTTP ${put.status} ${await put.text()}`);
  await post(`${CHAT}/uploads/${uploadId}/complete`, sender, {});
  const message = { chatId, clientMessageId: randomUUID(), uploadId, ...more };
  return messageAnswer.parse(await post(`${CHAT}/message`, sender, message)).message;
}
