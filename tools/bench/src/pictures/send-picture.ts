import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageAnswer, newUploadAnswer, type Message } from '@parley/contracts';
import { callApi } from '../api.ts';
import type { Player } from '../driver-protocol.ts';

const CHAT = '/api/v1/chat';
const PATIENCE_MS = 120_000;

/** Opens an upload and puts the photo where it is told to, as a browser does. */
export async function uploadPhoto(api: string, { token }: Player, photo: Buffer): Promise<string> {
  const body = { contentType: 'image/jpeg', bytes: photo.length };
  const { uploadId, url, headers } = newUploadAnswer.parse(await callApi(api, `${CHAT}/uploads`, { token, body }));
  const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(photo) });
  if (!answer.ok) throw new Error(`the photo was not taken: ${answer.status} ${await answer.text()}`);
  return uploadId;
}

/**
 * Has an upload completed, also where it is told to come back later.
 * @returns how often it had to ask again
 */
export async function completePhoto(api: string, { token }: Player, uploadId: string): Promise<number> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (let again = 0; ; again += 1) {
    try {
      await callApi(api, `${CHAT}/uploads/${uploadId}/complete`, { token, body: {} });
      return again;
    } catch (error) {
      const isBusy = error instanceof Error && / answered 50[34]:/.test(error.message);
      if (!isBusy || performance.now() > endsAt) throw error;
    }
    await sleep(500);
  }
}

export async function sendPhoto(api: string, { token }: Player, chatId: string, uploadId: string): Promise<Message> {
  const body = { chatId, clientMessageId: randomUUID(), uploadId };
  return messageAnswer.parse(await callApi(api, `${CHAT}/message`, { token, body })).message;
}

/** Loads a picture as `<img>` does. @returns its length in bytes */
export async function loadPicture(url: string | undefined): Promise<number> {
  const answer = await fetch(url ?? '');
  if (!answer.ok) throw new Error(`the picture does not load: ${answer.status}`);
  return (await answer.arrayBuffer()).byteLength;
}
